import { describe, expect, it } from '@jest/globals';
import { addTallies, tallyJest, tallyPlaywright } from './tally.ts';

const jest = {
  numPassedTests: 3,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numTotalTests: 3,
  testResults: [],
};

describe('a tally', () => {
  it('adds parts up', () => {
    expect(
      addTallies([
        { passed: 1, failed: 2, skipped: ['a'] },
        { passed: 3, failed: 4, skipped: ['b'] },
      ]),
    ).toEqual({ passed: 4, failed: 6, skipped: ['a', 'b'] });
  });

  it('counts a test file that can not run as a failure', () => {
    expect(tallyJest({ ...jest, numRuntimeErrorTestSuites: 1 })).toEqual({ passed: 3, failed: 1, skipped: [] });
  });

  it('counts a run of no tests as a failure', () => {
    expect(tallyJest({ ...jest, numPassedTests: 0, numTotalTests: 0 }).failed).toBe(1);
    expect(tallyPlaywright({ stats: { expected: 0, unexpected: 0, flaky: 0 }, errors: [] }).failed).toBe(1);
  });

  it('counts a browser test that needed a second try as a failure', () => {
    expect(tallyPlaywright({ stats: { expected: 5, unexpected: 1, flaky: 1 }, errors: [] })).toEqual({
      passed: 5,
      failed: 2,
      skipped: [],
    });
  });

  it('names what was skipped', () => {
    const tests = [
      { status: 'passed', fullName: 'is there' },
      { status: 'pending', fullName: 'needs a Python' },
    ];
    expect(tallyJest({ ...jest, testResults: [{ assertionResults: tests }] }).skipped).toEqual(['needs a Python']);
  });
});
