import Testing
@Test func placeholderDeploy() {}
