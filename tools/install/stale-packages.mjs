// @ts-check
/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [link]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */
/** @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile */

/**
 * Why `node_modules` does not fit the lockfile, in words for a person, or nothing when it fits. npm itself records what
 * it installed in `node_modules/.package-lock.json`, written last, so an interrupted install has none.
 *
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile | undefined} installed node_modules/.package-lock.json
 * @returns {string | undefined}
 */
export function explainStalePackages(wanted, installed) {
  if (installed === undefined) return 'nothing is installed yet';
  const wantedPackages = wanted.packages ?? {};
  const installedPackages = installed.packages ?? {};
  for (const [path, want] of Object.entries(wantedPackages)) {
    if (!path.includes('node_modules/')) continue;
    const have = installedPackages[path];
    if (have === undefined) {
      // An optional package is left out where it does not fit the machine: its absence means nothing.
      if (want.optional === true) continue;
      return `${nameOf(path)} is missing`;
    }
    if (have.version !== want.version) {
      return `${nameOf(path)} is ${have.version ?? 'unknown'}, the lockfile wants ${want.version ?? 'another'}`;
    }
  }
  const extra = Object.keys(installedPackages).find(
    (path) => path.includes('node_modules/') && wantedPackages[path] === undefined,
  );
  return extra === undefined ? undefined : `${nameOf(extra)} is no longer in the lockfile`;
}

/**
 * The folders that an install on this machine makes, for a count of how far it is.
 *
 * @param {Lockfile} wanted
 * @param {{ os: string, cpu: string }} machine
 * @returns {string[]}
 */
export function listPackageFolders(wanted, machine) {
  return Object.entries(wanted.packages ?? {})
    .filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true)
    .filter(([, entry]) => suits(entry.os, machine.os) && suits(entry.cpu, machine.cpu))
    .map(([path]) => path);
}

/**
 * @param {string[] | undefined} list
 * @param {string} value
 */
function suits(list, value) {
  return list === undefined || (!list.includes(`!${value}`) && list.some((item) => item === value || item[0] === '!'));
}

/** @param {string} path */
function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
