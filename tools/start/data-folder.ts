import { join } from 'node:path';

/** Where an embedded start keeps what. All paths absolute. */
export interface DataFolder {
  readonly home: string;
  readonly lock: string;
  readonly secrets: string;
  readonly runRecord: string;
  readonly logs: string;
  readonly postgres: string;
  readonly temporalFile: string;
  readonly objects: string;
  /** What the mail catcher has caught. */
  readonly mails: string;
  /** Node's compiled code, which may be deleted at any time. */
  readonly compileCache: string;
  /** Is there once the demo was put in: a later start leaves alone what people have made of it, a reset included. */
  readonly demoMark: string;
}

export function dataFolder(home: string): DataFolder {
  return {
    home,
    lock: join(home, 'start.lock'),
    secrets: join(home, 'secrets.json'),
    runRecord: join(home, 'run.json'),
    logs: join(home, 'logs'),
    postgres: join(home, 'postgres'),
    temporalFile: join(home, 'temporal', 'temporal.db'),
    objects: join(home, 'objects'),
    mails: join(home, 'mails'),
    compileCache: join(home, 'compile-cache'),
    demoMark: join(home, 'demo-is-in'),
  };
}
