/**
 * How Node runs the api. Without a limit V8 lets the heap grow to what the machine has before it looks for garbage: 340 MiB
 * resident under load, where 60 MiB are alive. With these it is 200 MiB and costs no more processor time
 * (`npm run bench -- api`). Near the limit the api turns requests away (`api/src/http/overload.ts`).
 */
export const API_NODE_FLAGS = ['--max-old-space-size=256', '--max-semi-space-size=8'] as const;
