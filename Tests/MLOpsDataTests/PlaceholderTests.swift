import Testing
@Test func placeholderData() {}
