import type { Access, Endpoint } from '@hortus/contracts/endpoint';
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { pruneLinks } from '../../api/src/auth/link-repo.ts';
import { withScope } from '../../api/src/db/scope.ts';
import { pruneEvents } from '../../api/src/events/event-repo.ts';
import { useChallenge } from '../../api/src/factors/challenge-repo.ts';
import {
  confirmTotpSecret,
  deleteTotp,
  findTotp,
  keepTotpSecret,
  replaceRecoveryCodes,
  takeTotpStep,
  useRecoveryCode,
} from '../../api/src/factors/factor-repo.ts';
import { pruneAnswers } from '../../api/src/idempotency/idempotency-repo.ts';
import { claimMails, countMails, postponeMail, removeMails } from '../../api/src/mail/mail-repo.ts';
import { insertIdentity, noteIdentityUse } from '../../api/src/open-id/identity-repo.ts';
import { claimIntents, measureOutbox, postponeIntents, removeIntents } from '../../api/src/outbox/outbox-repo.ts';
import { findPasskey, insertPasskey, notePasskeyUse } from '../../api/src/passkeys/passkey-repo.ts';
import { listExpiredUploads } from '../../api/src/uploads/upload-repo.ts';
import { listDueRemovals } from '../../api/src/workspaces/removal-repo.ts';
import type { TestApi } from '../test/fixtures/api.ts';
import { expectOutcome, trialsOf, type MatrixRunner, type Verdict } from './matrix.ts';
import { createPerson } from './places.ts';

/** Something that the api does for somebody, or for itself. */
export interface Deed {
  readonly name: string;
  /** Readies all that it needs. @returns what does it: null where it succeeds */
  prepare(runner: MatrixRunner): Promise<() => Promise<Verdict>>;
}

/** By what an operation is asked: by each that it makes a difference for. */
const ASKED_BY: Readonly<Record<Access, readonly string[]>> = {
  public: ['session'],
  signed: ['session'],
  session: ['session'],
  membership: ['session'],
  workspace: ['session', 'API token'],
  service: ['service key'],
};

/** Broken off, it leaves the only demo that there is half there; all that it needs is needed by `removeRows`, too. */
const LEFT_OUT = 'deleteDemo';

/** Every operation that passes, by each kind of caller that it takes. */
export function deedsOf(endpoints: readonly Endpoint[]): Deed[] {
  const tried = endpoints.filter(({ schema }) => schema.operationId !== LEFT_OUT);
  return tried.flatMap((endpoint) => {
    const passing = trialsOf(endpoint)
      .filter((trial) => expectOutcome(trial) === 'passes')
      .filter(({ caller }) => ASKED_BY[endpoint.config.access].includes(caller.credentials.by));
    const kinds = new Map(
      passing.map((trial) => [`${trial.sample.title ?? ''} ${trial.caller.credentials.by}`, trial] as const),
    );
    return [...kinds].map(([kind, trial]) => ({
      name: `${endpoint.schema.operationId} ${kind}`,
      async prepare(runner: MatrixRunner) {
        const run = await runner.prepare(trial);
        return () => run();
      },
    }));
  });
}

type Work = (tx: Knex.Transaction) => Promise<unknown>;

/** What is done at no request, or only at the end of a way that takes a browser or a provider. */
export function choresOf(api: TestApi): Deed[] {
  const { knex } = api;
  const deed = (name: string, ready: () => Promise<() => Promise<unknown>>): Deed => ({
    name,
    async prepare() {
      const run = await ready();
      return async () => {
        await run();
        return null;
      };
    },
  });
  const chore = (name: string, work: Work) =>
    deed(name, () => Promise.resolve(() => withScope(knex, { instance: true }, work)));
  const byPerson = (name: string, work: (tx: Knex.Transaction, userId: string) => Promise<unknown>) =>
    deed(name, async () => {
      const { id: userId } = await createPerson(api, 'chore');
      return () => withScope(knex, { userId }, (tx) => work(tx, userId));
    });
  return [
    chore('claim, postpone and remove intents', async (tx) => {
      const ids = (await claimIntents(tx, { limit: 10, holdMs: 0 })).map(({ id }) => id);
      await postponeIntents(tx, ids, 0);
      await removeIntents(tx, [0]);
    }),
    chore('measure the outbox', measureOutbox),
    chore('prune events', (tx) => pruneEvents(tx, 1000)),
    chore('prune answers', (tx) => pruneAnswers(tx, 1000)),
    chore('prune links', pruneLinks),
    chore('claim and postpone mails', async (tx) => {
      const [mail] = await claimMails(tx, { limit: 1, holdMs: 0 });
      if (mail !== undefined) await postponeMail(tx, mail.id, 0);
      await removeMails(tx, [0]);
    }),
    chore('count mails', countMails),
    chore('look for removals that are due', (tx) => listDueRemovals(tx, 10)),
    chore('look for uploads that have expired', (tx) => listExpiredUploads(tx, { limit: 1, rememberedDays: 1 })),
    byPerson('set a second factor up, use it and give it up', async (tx, userId) => {
      await keepTotpSecret(tx, userId, Buffer.from('secret'));
      const totp = await findTotp(tx, userId);
      if (totp !== undefined) await confirmTotpSecret(tx, totp, 1);
      await takeTotpStep(tx, userId, 2);
      await replaceRecoveryCodes(tx, userId, [randomUUID()]);
      await useRecoveryCode(tx, userId, '');
      await deleteTotp(tx, userId);
    }),
    byPerson('use a challenge up', (tx, userId) =>
      useChallenge(tx, userId, { claims: {}, sha256: randomUUID(), expiresAt: new Date() }),
    ),
    byPerson('register a passkey and sign in by it', async (tx, userId) => {
      const credentialId = randomUUID();
      const passkey = { userId, credentialId, publicKey: Buffer.alloc(0), transports: [], name: 'A passkey' };
      await insertPasskey(tx, { ...passkey, counter: 0, isSynced: false });
      const found = await findPasskey(tx, userId, credentialId);
      if (found !== undefined) await notePasskeyUse(tx, found.id, { counter: 1, isSynced: true });
    }),
    byPerson('link an identity and sign in by it', async (tx, userId) => {
      const id = randomUUID();
      await insertIdentity(tx, { id, userId, issuer: 'issuer', subject: 'subject' });
      await noteIdentityUse(tx, userId, id);
    }),
  ];
}
