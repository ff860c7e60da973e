import Testing
@Test func placeholderConnectors() {}
