/** What a part of the tests came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Tests that did not run, since something that they need is not on this machine. */
  readonly skipped: readonly string[];
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
    skipped: tallies.flatMap(({ skipped }) => skipped),
  };
}

/** A part that could not even begin. */
export const FAILED: Tally = { passed: 0, failed: 1, skipped: [] };

/** The report that `jest --json` writes. A file that can't even run has no tests and counts as one failure. */
export function tallyJest(report: {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numTotalTests: number;
  testResults: readonly { assertionResults: readonly { status: string; fullName: string }[] }[];
}): Tally {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: report.numPassedTests,
    failed: report.numTotalTests === 0 && failed === 0 ? 1 : failed,
    skipped: tests.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName),
  };
}

/** The report of Playwright's JSON reporter. What passed only at a second try has failed: it is not reliable. */
export function tallyPlaywright(report: {
  stats: { expected: number; unexpected: number; flaky: number };
  errors: readonly unknown[];
}): Tally {
  const { expected, unexpected, flaky } = report.stats;
  const failed = unexpected + flaky + report.errors.length;
  return { passed: expected, failed: expected === 0 && failed === 0 ? 1 : failed, skipped: [] };
}
