import { describe, expect, it } from '@jest/globals';
import { explainStalePackages, listPackageFolders } from './stale-packages.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    api: { version: '0.1.0' },
    'node_modules/@hortus/api': { link: true },
    'node_modules/pg': { version: '8.23.1' },
    'node_modules/esbuild-mac': { version: '1.0.0', optional: true, os: ['darwin'], cpu: ['arm64'] },
  },
};
const installed = {
  packages: { 'node_modules/@hortus/api': { link: true }, 'node_modules/pg': { version: '8.23.1' } },
};

describe('explainStalePackages', () => {
  it('has nothing to say when what is installed fits, whatever is optional', () => {
    expect(explainStalePackages(wanted, installed)).toBeUndefined();
  });

  it('says that nothing is installed when npm has left no record', () => {
    expect(explainStalePackages(wanted, undefined)).toBe('nothing is installed yet');
  });

  it('names a package that is missing, changed or no longer wanted', () => {
    expect(explainStalePackages(wanted, { packages: {} })).toBe('@hortus/api is missing');
    const older = { packages: { ...installed.packages, 'node_modules/pg': { version: '8.0.0' } } };
    expect(explainStalePackages(wanted, older)).toBe('pg is 8.0.0, the lockfile wants 8.23.1');
    const extra = { packages: { ...installed.packages, 'node_modules/a/node_modules/b': { version: '1.0.0' } } };
    expect(explainStalePackages(wanted, extra)).toBe('b is no longer in the lockfile');
  });
});

describe('listPackageFolders', () => {
  it('leaves out links and what is for other machines', () => {
    expect(listPackageFolders(wanted, { os: 'linux', cpu: 'x64' })).toEqual(['node_modules/pg']);
    expect(listPackageFolders(wanted, { os: 'darwin', cpu: 'arm64' })).toHaveLength(2);
  });

  it('understands a list of machines that are not meant', () => {
    const not = { packages: { 'node_modules/a': { version: '1', os: ['!win32'] } } };
    expect(listPackageFolders(not, { os: 'linux', cpu: 'x64' })).toHaveLength(1);
    expect(listPackageFolders(not, { os: 'win32', cpu: 'x64' })).toHaveLength(0);
  });
});
