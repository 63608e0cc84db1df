import { Type } from 'typebox';
import { ConfigError } from './config.ts';
import { FolderObjectStore } from './folder-object-store.ts';
import type { ObjectStore } from './object-store.ts';

/** Where objects lie: a folder, or a bucket. The api and the worker must be given the same. */
export const ObjectStoreVariables = {
  HORTUS_OBJECTS_FOLDER: Type.Optional(
    Type.String({ minLength: 1, description: 'Folder of originals and variants; this or a bucket is needed' }),
  ),
  HORTUS_S3_BUCKET: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
      description: 'Bucket of originals and variants, which must exist; this or a folder is needed',
    }),
  ),
  HORTUS_S3_ENDPOINT: Type.Optional(
    Type.String({ pattern: '^https?://', description: "Address of the S3 server; default Amazon's of the region" }),
  ),
  HORTUS_S3_REGION: Type.String({ minLength: 1, default: 'us-east-1', description: 'Region; default us-east-1' }),
  HORTUS_S3_PATH_STYLE: Type.Boolean({
    default: false,
    description:
      'Name the bucket in the path and not in the host’s name, as most servers but Amazon want; default false',
  }),
  HORTUS_S3_ACCESS_KEY_ID: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Access key; default what the SDK finds (AWS_… variables, profile, role)',
    }),
  ),
  HORTUS_S3_SECRET_ACCESS_KEY: Type.Optional(
    Type.String({ minLength: 1, description: 'Secret of the access key; needed with it' }),
  ),
};

export interface ObjectStoreConfig {
  readonly objectsFolder?: string;
  readonly s3Bucket?: string;
  readonly s3Endpoint?: string;
  readonly s3Region: string;
  readonly s3PathStyle: boolean;
  readonly s3AccessKeyId?: string;
  readonly s3SecretAccessKey?: string;
}

/**
 * The store that the variables name. The SDK is loaded where it is needed: it costs memory and a part of a second.
 *
 * @throws ConfigError unless they name exactly one, and an access key together with its secret
 */
export async function createObjectStore(config: ObjectStoreConfig): Promise<ObjectStore> {
  const { objectsFolder, s3Bucket, s3Endpoint, s3AccessKeyId, s3SecretAccessKey } = config;
  const refuse = (fault: string) => new ConfigError(`The configuration is not usable. ${fault}`);
  if ((objectsFolder === undefined) === (s3Bucket === undefined)) {
    throw refuse('Set either HORTUS_OBJECTS_FOLDER or HORTUS_S3_BUCKET.');
  }
  if (objectsFolder !== undefined) return new FolderObjectStore(objectsFolder);
  if ((s3AccessKeyId === undefined) !== (s3SecretAccessKey === undefined)) {
    throw refuse('Set HORTUS_S3_ACCESS_KEY_ID and HORTUS_S3_SECRET_ACCESS_KEY together, or neither.');
  }
  const { S3ObjectStore } = await import('./s3-object-store.ts');
  return new S3ObjectStore({
    bucket: s3Bucket ?? '',
    region: config.s3Region,
    isPathStyle: config.s3PathStyle,
    ...(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }),
    ...(s3AccessKeyId === undefined || s3SecretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId: s3AccessKeyId, secretAccessKey: s3SecretAccessKey } }),
  });
}
