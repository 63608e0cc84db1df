import { describe, expect, it } from '@jest/globals';
import {
  artifactName,
  reduceUploads,
  startableUploads,
  uploadSummary,
  type UploadEvent,
  type UploadQueue,
} from './upload-queue.ts';

const notice = { sentence: 'No.', requestId: 'r', code: null };

function play(...events: UploadEvent[]): UploadQueue {
  return events.reduce<UploadQueue>(reduceUploads, []);
}

function added(...ids: string[]): UploadEvent {
  return {
    type: 'added',
    uploads: ids.map((id) => ({ id, workspaceId: 'w', fileName: `${id}.jpg`, sizeBytes: 100 })),
  };
}

describe('reduceUploads', () => {
  it('goes from waiting to done, and tells when all bytes are sent', () => {
    const events: UploadEvent[] = [
      added('a'),
      { type: 'started', id: 'a' },
      { type: 'created', id: 'a', artifactId: 'x' },
      { type: 'progressed', id: 'a', sentBytes: 40 },
      { type: 'progressed', id: 'a', sentBytes: 140 },
      { type: 'finished', id: 'a' },
    ];
    const phases = events.map((_event, index) => play(...events.slice(0, index + 1))[0]?.phase);
    expect(phases).toEqual(['waiting', 'creating', 'sending', 'sending', 'settling', 'done']);
    expect(play(...events)[0]?.sentBytes).toBe(100);
  });

  it('sends the bytes to the artifact that stands already when it is retried', () => {
    const queue = play(
      added('a'),
      { type: 'started', id: 'a' },
      { type: 'created', id: 'a', artifactId: 'x' },
      { type: 'progressed', id: 'a', sentBytes: 40 },
      { type: 'failed', id: 'a', notice },
      { type: 'retried', ids: ['a'] },
      { type: 'started', id: 'a' },
    );
    expect(queue[0]).toMatchObject({ phase: 'sending', artifactId: 'x', sentBytes: 0, notice: null });
  });

  it('makes a new artifact when the old one is gone', () => {
    const queue = play(
      added('a'),
      { type: 'started', id: 'a' },
      { type: 'created', id: 'a', artifactId: 'x' },
      { type: 'orphaned', id: 'a' },
      { type: 'failed', id: 'a', notice },
      { type: 'retried', ids: ['a'] },
      { type: 'started', id: 'a' },
    );
    expect(queue[0]?.phase).toBe('creating');
  });

  it('takes interrupted uploads up again when the connection is back, and leaves refused ones to the person', () => {
    const queue = play(
      added('a', 'b'),
      { type: 'interrupted', id: 'a', notice },
      { type: 'failed', id: 'b', notice },
      { type: 'connected' },
    );
    expect(queue.map(({ phase }) => phase)).toEqual(['waiting', 'failed']);
  });

  it('is not moved by late events about a cancelled upload', () => {
    const queue = play(added('a'), { type: 'removed', ids: ['a'] }, { type: 'progressed', id: 'a', sentBytes: 9 });
    expect(queue).toEqual([]);
  });
});

describe('startableUploads', () => {
  it('starts in order, up to the limit', () => {
    const queue = play(added('a', 'b', 'c', 'd'), { type: 'started', id: 'a' });
    expect(startableUploads(queue, 3).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(startableUploads(queue, 1)).toEqual([]);
  });
});

describe('artifactName', () => {
  it.each([
    ['fern.jpg', 'fern'],
    ['my.holiday.photo.jpeg', 'my.holiday.photo'],
    ['.env', '.env'],
    ['no ending', 'no ending'],
    ['Dr. Smith', 'Dr. Smith'],
    ['.jpg', '.jpg'],
    ['', 'Untitled'],
    [`${'a'.repeat(300)}.png`, 'a'.repeat(200)],
  ])('makes %j to %j', (fileName, name) => {
    expect(artifactName(fileName)).toBe(name);
  });
});

describe('uploadSummary', () => {
  it('counts what is under way, stuck and done', () => {
    const queue = play(
      added('a', 'b', 'c', 'd'),
      { type: 'finished', id: 'a' },
      { type: 'failed', id: 'b', notice },
      { type: 'interrupted', id: 'c', notice },
    );
    expect(uploadSummary(queue)).toBe('1 uploading, 1 waiting for the connection, 1 failed, 1 uploaded');
    expect(uploadSummary([])).toBe('');
  });
});
