import Testing
@Test func placeholderONNX() {}
