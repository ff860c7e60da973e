/// Every kernel once more, written as its definition with sums in double precision: what tests compare with.
///
/// Parameters and shapes are those of the methods of ``Compute`` with the same name.
package enum Reference {}
