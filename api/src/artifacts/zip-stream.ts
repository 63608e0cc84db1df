import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  /** Unique in the archive, and no path. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  /** Called when its turn has come, so that one file is open at a time. */
  readonly open: () => Readable;
}

/**
 * An archive of files as they are, not compressed: pictures are already. It holds a few chunks in memory, however many files
 * there are and however large. Where a file is missing, breaks off or has another size, or where the reader goes away, the
 * stream is destroyed and nothing more is read; an archive that ends well is complete.
 *
 * @returns the stream and its length in bytes, known before the first file is read
 */
export function createZipStream(entries: readonly ZipEntry[]): { stream: Readable; sizeBytes: number } {
  const zip = new ZipFile();
  const output = zip.outputStream as unknown as Readable;
  let current: Readable | undefined;
  for (const { name, sizeBytes, modifiedAt, open } of entries) {
    const options = { size: sizeBytes, compress: false, mtime: modifiedAt, mode: 0o100644 };
    zip.addReadStreamLazy(name, options, (give) => {
      if (output.destroyed) return;
      current = open();
      current.once('error', (error) => output.destroy(error));
      give(null, current);
    });
  }
  zip.on('error', (error: Error) => output.destroy(error));
  output.once('close', () => current?.destroy());
  let size: number | undefined;
  // The declared type leaves the argument out.
  const whenCounted = (bytes: number) => (size = bytes);
  zip.end({ forceZip64Format: false, comment: '' }, whenCounted as unknown as () => void);
  if (size === undefined || size < 0) throw new Error('the size of the archive is not known');
  return { stream: output, sizeBytes: size };
}
