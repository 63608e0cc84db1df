import { Type, type TSchema, type TObject, type TArray, type TUnion, type TString, type TNull } from 'typebox';

export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_LIMIT_MAX = 100;

/** Keyset paging: a page starts behind the last item of the one before, so inserts neither repeat nor skip an item. */
export const PageQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: PAGE_LIMIT_MAX,
        default: PAGE_LIMIT_DEFAULT,
        description: `How many items at the most; default ${String(PAGE_LIMIT_DEFAULT)}`,
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: 2000, description: 'The `nextCursor` of the page before; absent for the first page' }),
    ),
  },
  { additionalProperties: false },
);

export function Page<Item extends TSchema>(
  item: Item,
): TObject<{ items: TArray<Item>; nextCursor: TUnion<[TString, TNull]> }> {
  return Type.Object({
    items: Type.Array(item, { description: 'The items of this page, in the order of the list' }),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Give this as `cursor` for the next page; null at the end of the list',
    }),
  });
}
