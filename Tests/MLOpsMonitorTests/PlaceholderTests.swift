import Testing
@Test func placeholderMonitor() {}
