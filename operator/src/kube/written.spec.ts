import { describe, expect, it, jest } from '@jest/globals';
import type { KubeObject } from './resource.ts';
import { Store } from './store.ts';
import { Written } from './written.ts';

const object = (version: number, uid = 'u'): KubeObject => ({
  metadata: { name: 'a', uid, resourceVersion: String(version) },
});

describe('what was written', () => {
  function open() {
    const store = new Store();
    const unconfirmed: KubeObject[] = [];
    const written = new Written(store, { onUnconfirmed: (one) => void unconfirmed.push(one), keepMs: 1000 });
    const tell = (after: KubeObject): boolean => written.confirm({ before: store.set(after), after });
    return { store, written, unconfirmed, tell };
  }

  it('is seen before the watch tells of it, and what the watch tells then is nothing new', () => {
    const { written, tell } = open();
    tell(object(1));
    written.note(object(3));
    expect(written.get('a')?.metadata.resourceVersion).toBe('3');
    expect(tell(object(2))).toBe(true);
    expect(tell(object(3))).toBe(true);
    expect(tell(object(4))).toBe(false);
    expect(written.get('a')?.metadata.resourceVersion).toBe('4');
  });

  it('gives way to a change by somebody else that came after it', () => {
    const { written, tell } = open();
    written.note(object(3));
    expect(tell(object(5))).toBe(false);
    expect(written.get('a')?.metadata.resourceVersion).toBe('5');
  });

  it('does not outlive its deletion, and outlives that of an older one of its name', () => {
    const { store, written } = open();
    written.note(object(3, 'new'));
    expect(written.confirm({ before: object(2, 'old'), after: undefined })).toBe(false);
    expect(written.get('a')?.metadata.uid).toBe('new');
    store.delete('a');
    expect(written.confirm({ before: object(3, 'new'), after: undefined })).toBe(false);
    expect(written.get('a')).toBeUndefined();
  });

  it('is dropped when nobody confirms it, and whoever waits for it is told', () => {
    jest.useFakeTimers();
    try {
      const { written, unconfirmed } = open();
      written.note(object(3));
      jest.advanceTimersByTime(999);
      expect(unconfirmed).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(unconfirmed).toHaveLength(1);
      expect(written.get('a')).toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });
});
