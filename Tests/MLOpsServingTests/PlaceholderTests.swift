import Testing
@Test func placeholderServing() {}
