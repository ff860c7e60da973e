import Testing
@Test func placeholderRegistry() {}
