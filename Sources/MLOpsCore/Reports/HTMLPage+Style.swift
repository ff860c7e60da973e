extension HTMLPage {
    /// The style of every page. Charts take their ink from `currentColor`, so they follow light and dark too.
    static let styleSheet = """
        :root { color-scheme: light dark; --ink: #1c1f23; --soft: #5c6670; --paper: #ffffff; --line: #dfe3e8;
          --panel: #f6f7f9; --pass: #13683a; --pass-paper: #dff3e6; --fail: #a01c1c; --fail-paper: #fbe3e1;
          --unsure: #6b5200; --unsure-paper: #f8edcb; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #a0a9b3; --paper: #14171a;
          --line: #31373e; --panel: #1c2025; --pass: #8fdcae; --pass-paper: #143322; --fail: #f5a8a2;
          --fail-paper: #431a1a; --unsure: #ecd382; --unsure-paper: #3a300f; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
        header { border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; }
        header p { color: var(--soft); margin: .25rem 0 1rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
        h2 { font-size: 1.25rem; margin: 2.25rem 0 .75rem; }
        h3, h4 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
        p { margin: .5rem 0; max-width: 46rem; }
        dl { margin: .75rem 0; border-top: 1px solid var(--line); }
        dl div { display: grid; grid-template-columns: 12rem 1fr; gap: 1rem; padding: .3rem 0;
          border-bottom: 1px solid var(--line); }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9375rem; }
        th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 2px solid var(--line);
          padding: .4rem .75rem .4rem 0; vertical-align: bottom; }
        td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; vertical-align: top; }
        td.number, th.number { text-align: right; padding-right: 1.5rem; font-variant-numeric: tabular-nums;
          white-space: nowrap; }
        .badge { display: inline-block; border-radius: 1rem; padding: .05rem .6rem; font-size: .8125rem;
          font-weight: 600; white-space: nowrap; }
        .badge.pass { color: var(--pass); background: var(--pass-paper); }
        .badge.fail { color: var(--fail); background: var(--fail-paper); }
        .badge.insufficient { color: var(--unsure); background: var(--unsure-paper); }
        pre { overflow-x: auto; font-size: .8125rem; line-height: 1.5; padding: .75rem 1rem; border: 1px solid #8884; }
        figure { margin: 1rem 0; }
        figure svg { display: block; max-width: 100%; height: auto; }
        figcaption { color: var(--soft); font-size: .875rem; margin-top: .35rem; overflow-wrap: anywhere; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; }
        .pictures figure { margin: 0; }
        .pictures img { display: block; width: 100%; height: 11rem; object-fit: contain; background: var(--panel);
          border-radius: .35rem; }
        @media (max-width: 36rem) { dl div { grid-template-columns: 1fr; gap: 0; } }
        @media print { main { max-width: none; padding: 0; } figure, tr, dl div { break-inside: avoid; }
          h2, h3 { break-after: avoid; } .badge { border: 1px solid currentColor; } }
        """
}
