import Testing
@Test func placeholderTensor() {}
