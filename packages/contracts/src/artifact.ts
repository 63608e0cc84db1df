import { Type, type Static } from 'typebox';
import { Sha256, Text, Timestamp, Uuid, Whole } from './text.ts';

/** `picture`: the gardener makes variants of it. `file`: kept as it is. Told from the bytes, never from the name. */
export const ARTIFACT_KINDS = ['picture', 'file'] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/**
 * `empty` → `gardening` → `ready` | `failed`. A new original begins at `gardening` again; a file is `ready` at once.
 */
export const ARTIFACT_STATUSES = ['empty', 'gardening', 'ready', 'failed'] as const;
export type ArtifactStatus = (typeof ARTIFACT_STATUSES)[number];

/** Why the gardener gave a picture up. None of these is retried: the same bytes would fail again. */
export const GARDEN_FAILURE_CODES = [
  /** The upload claims to be a picture by its type or name, and its bytes are something else. */
  'NOT_A_PICTURE',
  /** The bytes end before the picture does. */
  'PICTURE_TRUNCATED',
  /** The bytes begin like a picture, and can't be decoded. */
  'PICTURE_UNREADABLE',
  /** Decoding it would take more memory than one picture is allowed. */
  'PICTURE_TOO_LARGE',
  /** Decoding or encoding it would take more processor time than one picture is allowed. */
  'PICTURE_TOO_SLOW',
  /** Every attempt failed for a reason outside of the picture; uploading it again may help. */
  'GARDENER_GAVE_UP',
] as const;
export type GardenFailureCode = (typeof GARDEN_FAILURE_CODES)[number];

/** WebP and AVIF, and the formats of the fallback for browsers that know neither. */
export const VARIANT_FORMATS = ['webp', 'avif', 'jpeg', 'png', 'gif'] as const;
export type VariantFormat = (typeof VARIANT_FORMATS)[number];

const MetadataValue = Type.Union([Text({ maxLength: 1000, description: 'Text' }), Type.Number(), Type.Boolean()]);

const name = Text({ minLength: 1, maxLength: 200, description: 'The name that people see; 1 to 200 characters' });
const description = Text({ maxLength: 10_000, description: 'What it shows or is for; at most 10,000 characters' });
export const Tag = Text({ minLength: 1, maxLength: 50, description: 'One tag; 1 to 50 characters' });
const tags = Type.Array(Tag, {
  maxItems: 20,
  uniqueItems: true,
  description: 'At most 20 tags, none twice',
});
const metadata = Type.Record(Type.String({ pattern: '^[^\\u0000]*$' }), MetadataValue, {
  maxProperties: 50,
  // A name that the pattern of a record does not match would go unchecked; this refuses it.
  propertyNames: Text({ minLength: 1, maxLength: 50, description: 'Name of a fact; 1 to 50 characters' }),
  description: 'Free facts: at most 50 names of 1 to 50 characters, each with a text, a number or a truth value',
});

export const NewArtifact = Type.Object(
  {
    name,
    description: Type.Optional(description),
    tags: Type.Optional(tags),
    metadata: Type.Optional(metadata),
  },
  { additionalProperties: false, description: 'What a person says of a new artifact' },
);
export type NewArtifact = Static<typeof NewArtifact>;

export const ArtifactPatch = Type.Object(
  {
    name: Type.Optional(name),
    description: Type.Optional(Type.Union([description, Type.Null()], { description: 'New text; null clears it' })),
    tags: Type.Optional(Type.Union([tags, Type.Null()], { description: 'All tags anew; null clears them' })),
    metadata: Type.Optional(Type.Union([metadata, Type.Null()], { description: 'All facts anew; null clears them' })),
  },
  { additionalProperties: false, minProperties: 1, description: 'What changes: absent = leave, null = clear' },
);
export type ArtifactPatch = Static<typeof ArtifactPatch>;

export const Original = Type.Object(
  {
    version: Type.Integer({ description: 'Counts the originals that the artifact has had, from 1' }),
    contentType: Type.String({ description: 'Media type, told from the bytes where they say it' }),
    sizeBytes: Type.Integer({ description: 'Size in bytes' }),
    sha256: Sha256('Hash of the bytes'),
    uploadedAt: Timestamp('When the upload was complete'),
  },
  { description: 'The uploaded bytes' },
);
export type Original = Static<typeof Original>;

export const Placeholder = Type.Object(
  {
    thumbhash: Type.String({
      pattern: '^[A-Za-z0-9+/]{1,60}={0,2}$',
      description: 'ThumbHash of the picture, base64: a blurred preview in about 25 bytes',
    }),
    dominantColor: Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'The most frequent colour, `#rrggbb`' }),
  },
  { additionalProperties: false, description: 'What to show until a variant is loaded' },
);
export type Placeholder = Static<typeof Placeholder>;

export const Picture = Type.Object(
  {
    widthPx: Type.Integer({ description: 'Width of the original in pixels, upright (EXIF orientation applied)' }),
    heightPx: Type.Integer({ description: 'Height of the original in pixels, upright' }),
    placeholder: Placeholder,
    thumbnail: Type.Union(
      [
        Type.Object({
          src: Type.String({ description: 'Signed address of the smallest variant' }),
          srcset: Type.String({ description: 'The `srcset` of the variants up to 960 px, in the first format' }),
        }),
        Type.Null(),
      ],
      { description: 'A small picture for lists; null until the first variant stands' },
    ),
  },
  { description: 'What is known of a picture once the gardener has looked at it' },
);
export type Picture = Static<typeof Picture>;

export const GardenFailure = Type.Object(
  {
    code: Type.Enum(GARDEN_FAILURE_CODES as unknown as GardenFailureCode[], { description: 'The stable code' }),
    detail: Text({ maxLength: 2000, description: 'What is wrong with the bytes, and what to do' }),
  },
  { additionalProperties: false, description: 'Why the artifact failed' },
);
export type GardenFailure = Static<typeof GardenFailure>;

export const Artifact = Type.Object(
  {
    id: Uuid('Identifies the artifact'),
    name,
    description,
    tags,
    metadata,
    kind: Type.Union([Type.Enum(ARTIFACT_KINDS as unknown as ArtifactKind[]), Type.Null()], {
      description: 'What the original is, told from its bytes; null while there is none',
    }),
    status: Type.Enum(ARTIFACT_STATUSES as unknown as ArtifactStatus[], { description: 'How far the gardener is' }),
    failure: Type.Union([GardenFailure, Type.Null()], { description: 'Why it failed; null unless `failed`' }),
    original: Type.Union([Original, Type.Null()], { description: 'The uploaded bytes; null while there are none' }),
    picture: Type.Union([Picture, Type.Null()], { description: 'Null until the gardener has looked at it' }),
    revision: Type.Integer({ description: 'Counts the changes by people, from 1; the `ETag` carries it' }),
    createdAt: Timestamp('When it was made'),
    updatedAt: Timestamp('When a person changed it last'),
  },
  { description: 'A picture or another file, with what people say of it' },
);
export type Artifact = Static<typeof Artifact>;

export const Variant = Type.Object(
  {
    format: Type.Enum(VARIANT_FORMATS as unknown as VariantFormat[], { description: 'Format of the file' }),
    widthPx: Whole({ minimum: 1, description: 'Width in pixels' }),
    heightPx: Whole({ minimum: 1, description: 'Height in pixels' }),
    sizeBytes: Whole({ minimum: 1, column: 'bigint', description: 'Size in bytes' }),
    quality: Type.Union([Type.Integer({ minimum: 1, maximum: 100 }), Type.Null()], {
      description: "The encoder's quality; null where it has none, or loses nothing",
    }),
    score: Type.Union([Type.Number({ minimum: -1000, maximum: 100 }), Type.Null()], {
      description:
        'How alike it is to the original, by SSIMULACRA 2.1: 100 the same, 90 not to be told apart, 70 high quality, 50 medium; ' +
        'null where nothing was compared',
    }),
    url: Type.String({ description: 'Signed address; what it names never changes' }),
  },
  { description: 'A picture made from the original' },
);
export type Variant = Static<typeof Variant>;

/** A variant that was made and then left out, since one that is at least as good is smaller. */
export const DroppedVariant = Type.Object(
  {
    format: Type.Enum(VARIANT_FORMATS as unknown as VariantFormat[], { description: 'Format that was left out' }),
    widthPx: Whole({ minimum: 1, description: 'Width in pixels' }),
    sizeBytes: Whole({ minimum: 1, column: 'bigint', description: 'Size that it would have had, in bytes' }),
    reason: Text({ maxLength: 500, description: 'Why it was left out' }),
  },
  { additionalProperties: false, description: 'A variant that is not kept' },
);
export type DroppedVariant = Static<typeof DroppedVariant>;

export const Manifest = Type.Object(
  {
    artifactId: Uuid('The artifact'),
    version: Type.Integer({ description: 'The version of the original that the variants are made from; 0 for none' }),
    status: Type.Enum(ARTIFACT_STATUSES as unknown as ArtifactStatus[], { description: 'How far the gardener is' }),
    failure: Type.Union([GardenFailure, Type.Null()], { description: 'Why it failed; null unless `failed`' }),
    widthPx: Type.Union([Type.Integer(), Type.Null()], { description: 'Width of the original in pixels, upright' }),
    heightPx: Type.Union([Type.Integer(), Type.Null()], { description: 'Height of the original in pixels, upright' }),
    originalSizeBytes: Type.Integer({ description: 'Size of the original in bytes; 0 for none' }),
    placeholder: Type.Union([Placeholder, Type.Null()], { description: 'What to show until a variant is loaded' }),
    variants: Type.Array(Variant, { description: 'What exists so far, by format and width' }),
    srcsets: Type.Record(Type.String(), Type.String(), {
      description: 'Per format, ready for the `srcset` of a `<source>`; formats with nothing yet are absent',
    }),
    dropped: Type.Array(DroppedVariant, { description: 'What was made and left out' }),
    expected: Type.Integer({ description: 'How many variants there will be, those left out included; 0 if unknown' }),
    runUrl: Type.Union([Type.String(), Type.Null()], {
      description: "The gardener's run in Temporal's page; null where no page is configured or there is no run",
    }),
  },
  { description: 'Which variants of a picture exist; it grows while the gardener works' },
);
export type Manifest = Static<typeof Manifest>;
