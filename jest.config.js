/** Native ES modules: Node runs the sources as they are, so the tests do too (`NODE_OPTIONS=--experimental-vm-modules`). */
const shared = {
  testEnvironment: '<rootDir>/tools/test/environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '\\.ts$': '<rootDir>/tools/test/strip-types.cjs' },
  transformIgnorePatterns: ['/node_modules/'],
  // Another checkout's packages, or what a build copied, must not be found as modules.
  modulePathIgnorePatterns: ['<rootDir>/.hortus', '<rootDir>/web/dist', '<rootDir>/web/.angular'],
};

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,api,workflows,operator,hooks,tools,web/src}/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$', '/node_modules/'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{packages,api,workflows,tools}/**/*.int.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', 'tools/isolation/mutation\\.int\\.spec\\.ts$'],
    },
    {
      ...shared,
      displayName: 'mutation',
      testMatch: ['<rootDir>/tools/isolation/mutation.int.spec.ts'],
    },
    {
      ...shared,
      displayName: 'operator',
      testMatch: ['<rootDir>/operator/**/*.int.spec.ts'],
    },
  ],
};
