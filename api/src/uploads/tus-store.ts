import { DataStore, Metadata, Upload } from '@tus/server';
import type { MemberUploads } from './upload-service.ts';
import type { UploadRow } from './upload-repo.ts';

const HOUR_MS = 60 * 60 * 1000;

export const TUS_EXTENSIONS = [
  'creation',
  'creation-with-upload',
  'creation-defer-length',
  'expiration',
  'termination',
] as const;

/** What the request says that the protocol's library does not hand on. */
export interface TusRequest {
  readonly metadata: string;
  readonly ifMatch: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * The uploads of the member of one request, as the library that speaks the protocol sees them. The bytes go round the
 * library: it would take them through streams of the web, which buffer.
 */
export class TusStore extends DataStore {
  override extensions = [...TUS_EXTENSIONS];
  /** The upload as the request left it. */
  row: UploadRow | undefined;
  readonly #uploads: MemberUploads;
  readonly #request: TusRequest;
  readonly #keptMs: number;

  constructor(uploads: MemberUploads, request: TusRequest, keptHours: number) {
    super();
    this.#uploads = uploads;
    this.#request = request;
    this.#keptMs = keptHours * HOUR_MS;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { metadata, ifMatch } = this.#request;
    this.row = await this.#uploads.create({ metadata, ifMatch, sizeBytes: upload.size ?? null });
    return Object.assign(upload, this.#toUpload(this.row));
  }

  override async getUpload(id: string): Promise<Upload> {
    this.row = await this.#uploads.find(id);
    return this.#toUpload(this.row);
  }

  override async write(_stream: unknown, id: string, offset: number): Promise<number> {
    this.row = await this.#uploads.append(id, offset, this.#request.bytes);
    return this.row.offsetBytes;
  }

  override declareUploadLength(id: string, sizeBytes: number): Promise<void> {
    return this.#uploads.declareSize(id, sizeBytes);
  }

  override remove(id: string): Promise<void> {
    return this.#uploads.remove(id);
  }

  override getExpiration(): number {
    return this.#keptMs;
  }

  /** The library reckons the end from the beginning; here every append moves it. */
  #toUpload({ id, sizeBytes, offsetBytes, metadata, expiresAt }: UploadRow): Upload {
    return new Upload({
      id,
      offset: offsetBytes,
      creation_date: new Date(Date.parse(expiresAt) - this.#keptMs).toISOString(),
      ...(sizeBytes === null ? {} : { size: sizeBytes }),
      ...(metadata === '' ? {} : { metadata: Metadata.parse(metadata) }),
    });
  }
}
