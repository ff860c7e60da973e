import Testing
@Test func placeholderTrain() {}
