extension String {
    /// The text with its addresses as a log may show them: without user, password, query and fragment.
    ///
    /// Whatever quotes an address that a user gave goes through this; keys stand in queries as often as in passwords.
    var redactingAddresses: String {
        replacing(/:\/\/([^\s\/?#]*@)?([^\s?#]*)([?#]\S*)?/) { match in
            "://" + (match.1 == nil ? "" : "…@") + match.2 + (match.3 == nil ? "" : "?…")
        }
    }
}
