/** One statement about an object (`metav1.Condition`). */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  /** In one CamelCase word; from a catalogue. */
  reason: string;
  message: string;
  /** The generation of the spec that this was said of. */
  observedGeneration?: number;
  lastTransitionTime: string;
}

export type NewCondition = Omit<Condition, 'lastTransitionTime'>;

/**
 * The conditions with one of them anew. Its time changes only where its status does, so that it says since when a thing is as
 * it is.
 *
 * @returns the very list that was given where nothing is new
 */
export function withCondition(conditions: readonly Condition[], next: NewCondition, at: Date): readonly Condition[] {
  const before = conditions.find(({ type }) => type === next.type);
  if (before === undefined) return [...conditions, { ...next, lastTransitionTime: toSeconds(at) }];
  const isSame =
    before.status === next.status &&
    before.reason === next.reason &&
    before.message === next.message &&
    before.observedGeneration === next.observedGeneration;
  if (isSame) return conditions;
  const lastTransitionTime = before.status === next.status ? before.lastTransitionTime : toSeconds(at);
  return conditions.map((one) => (one === before ? { ...next, lastTransitionTime } : one));
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((one) => one.type === type);
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}

/** `metav1.Time` has whole seconds. */
function toSeconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
