// Jest runs each test file in a realm of its own, with an `Error` of its own, so `error instanceof Error` would be false for
// whatever Node itself throws. Here it is true for every error of any realm, as in a program that runs alone.
const { isNativeError } = require('node:util/types');
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    const { Error: RealmError, Function: RealmFunction } = this.global;
    const isInstance = RealmFunction.prototype[Symbol.hasInstance];
    Object.defineProperty(RealmError, Symbol.hasInstance, {
      value(error) {
        return this === RealmError
          ? isNativeError(error) || isInstance.call(this, error)
          : isInstance.call(this, error);
      },
    });
  }
};
