import Testing
@Test func placeholderCNN() {}
