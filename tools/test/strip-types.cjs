// Jest's transformer for TypeScript: the same stripping that Node does when it runs the sources.
const { createHash } = require('node:crypto');
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
  getCacheKey: (source) => createHash('sha256').update(source).update(process.version).digest('hex'),
};
