import { isNewer, keyOf, type KubeObject } from './resource.ts';
import type { Change } from './reflector.ts';
import type { Store } from './store.ts';

/**
 * A store together with what our own writes answered, until the watch has told of them: whoever looks right after a write sees
 * it, and does not write again. What the watch does not confirm in time is dropped, so that an object that was deleted in
 * between can't haunt us.
 */
export class Written<T extends KubeObject> {
  readonly #store: Store<T>;
  readonly #keepMs: number;
  readonly #onUnconfirmed: (object: T) => void;
  readonly #written = new Map<string, { readonly object: T; readonly timer: NodeJS.Timeout }>();

  constructor(store: Store<T>, options: { readonly onUnconfirmed: (object: T) => void; readonly keepMs?: number }) {
    this.#store = store;
    this.#keepMs = options.keepMs ?? 10_000;
    this.#onUnconfirmed = options.onUnconfirmed;
  }

  get(key: string): T | undefined {
    return this.#written.get(key)?.object ?? this.#store.get(key);
  }

  /** Keeps what a write answered. */
  note(object: T): void {
    const key = keyOf(object.metadata);
    const version = versionOf(object);
    const metadata = { ...object.metadata };
    delete metadata.managedFields;
    const standing = this.#store.get(key);
    const isSame = standing !== undefined && standing.metadata.uid === metadata.uid;
    if (isSame && !isNewer(version, versionOf(standing))) return;
    this.#drop(key);
    const kept = { ...object, metadata };
    const timer = setTimeout(() => {
      this.#written.delete(key);
      this.#onUnconfirmed(kept);
    }, this.#keepMs);
    timer.unref();
    this.#written.set(key, { object: kept, timer });
  }

  /** To be told of every change of the store. @returns whether it tells nothing that our own write had not answered */
  confirm({ before, after }: Change<T>): boolean {
    const seen = after ?? before;
    if (seen === undefined) return true;
    const key = keyOf(seen.metadata);
    const written = this.#written.get(key)?.object;
    if (written === undefined) return false;
    if (after === undefined) {
      // The one that went may be an older one of the name.
      if (written.metadata.uid === seen.metadata.uid) this.#drop(key);
      return false;
    }
    if (isNewer(versionOf(written), versionOf(after))) return true;
    this.#drop(key);
    return versionOf(written) === versionOf(after);
  }

  clear(): void {
    for (const key of [...this.#written.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    clearTimeout(this.#written.get(key)?.timer);
    this.#written.delete(key);
  }
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? '';
}
