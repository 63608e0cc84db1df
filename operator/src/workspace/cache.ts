import { WORKSPACE_NAMES } from '@hortus/contracts/workspace-resource';
import type { Logger } from '@hortus/service/logger';
import type { KubeClient, ListOptions } from '../kube/client.ts';
import { startReflector, type Change, type Reflector } from '../kube/reflector.ts';
import { keyOf, type KubeObject, type Resource } from '../kube/resource.ts';
import { Store, type Indexer } from '../kube/store.ts';
import { Written } from '../kube/written.ts';
import { CHILD_KINDS, CONFIG_MAP, NAMESPACE, SECRET, type Manifest } from './kinds.ts';
import type { Settings } from './settings.ts';
import type { CopyKind } from './steps/step.ts';
import { WORKSPACE, namespaceNameOf, workspaceIdOf, type Workspace } from './workspace.ts';

/** Everything of the cluster that a pass looks at; nothing is read from the API server beside it. */
export interface Cache {
  readonly synced: Promise<unknown>;
  isSynced(): boolean;
  /** Milliseconds since the API server was heard of on the quietest of the watches. */
  silentMs(): number;
  names(): readonly string[];
  workspace(name: string): Workspace | undefined;
  /** Others that mean the same workspace or the same namespace. */
  rivals(workspace: Workspace): readonly Workspace[];
  /** Who wrote the spec, as the field owners say. */
  managerOf(name: string): string;
  namespace(name: string): KubeObject | undefined;
  child(resource: Resource, key: string): Manifest | undefined;
  labelled(workspace: string): readonly { readonly resource: Resource; readonly object: Manifest }[];
  source(kind: CopyKind, name: string): Manifest | undefined;
  /** Keeps what our own write answered until the watch tells of it. */
  note(resource: Resource, object: KubeObject): void;
  stop(): Promise<void>;
}

interface Kind<T extends KubeObject> {
  readonly store: Store<T>;
  readonly written: Written<T>;
}

const { workspaceLabel, sharedLabel, fieldManager } = WORKSPACE_NAMES;

/** @param touch told of each workspace that a change may be of interest to */
export function startCache(options: {
  readonly client: KubeClient;
  readonly settings: Settings;
  readonly logger: Logger;
  /** Labels of the Workspaces that are looked after; all of them without. */
  readonly selector?: string | undefined;
  readonly touch: (workspace: string) => void;
}): Cache {
  const { client, settings, logger, selector, touch } = options;
  const reflectors: Reflector[] = [];
  const clear: (() => void)[] = [];
  const managers = new Map<string, string>();

  function follow<T extends KubeObject>(what: {
    readonly resource: Resource;
    readonly list?: ListOptions;
    readonly indexers?: Readonly<Record<string, Indexer<T>>>;
    readonly onSeen?: (object: T) => void;
    readonly touched: (object: T) => readonly string[];
  }): Kind<T> {
    const { resource, list, indexers, touched, onSeen } = what;
    const store = new Store<T>(indexers);
    const tell = (object: T | undefined): void => {
      if (object !== undefined) for (const name of touched(object)) touch(name);
    };
    const written = new Written<T>(store, { onUnconfirmed: tell });
    clear.push(() => {
      written.clear();
    });
    const onChange = (change: Change<T>): void => {
      if (written.confirm(change)) return;
      tell(change.before);
      tell(change.after);
    };
    const given = { ...(list === undefined ? {} : { list }), ...(onSeen === undefined ? {} : { onSeen }) };
    reflectors.push(startReflector<T>({ client, resource, store, onChange, logger, ...given }));
    return { store, written };
  }

  const ofLabel = ({ metadata }: KubeObject): readonly string[] => {
    const name = metadata.labels?.[workspaceLabel];
    return name === undefined ? [] : [name];
  };
  const named = (index: string, value: string): readonly string[] =>
    workspaces.store.byIndex(index, value).map(({ metadata }) => metadata.name);

  const workspaces = follow<Workspace>({
    resource: WORKSPACE,
    ...(selector === undefined ? {} : { list: { labelSelector: selector } }),
    indexers: {
      id: (workspace) => [workspaceIdOf(workspace)],
      namespace: (workspace) => [namespaceNameOf(workspace)],
      copy: ({ spec }) => (spec.copies ?? []).map(({ kind, name }) => `${kind} ${name}`),
      gardener: ({ spec }) => (spec.gardener?.mode === 'dedicated' ? ['dedicated'] : []),
    },
    onSeen: ({ metadata }) => void managers.set(metadata.name, writerOf(metadata.managedFields)),
    touched: (workspace) => [
      workspace.metadata.name,
      ...named('id', workspaceIdOf(workspace)),
      ...named('namespace', namespaceNameOf(workspace)),
    ],
  });
  const namespaces = follow<KubeObject>({
    resource: NAMESPACE,
    list: { isMetadataOnly: true },
    touched: (object) => [...ofLabel(object), ...named('namespace', object.metadata.name)],
  });
  const children = new Map<string, Kind<Manifest> & { readonly resource: Resource }>(
    CHILD_KINDS.map((resource) => [
      resource.kind,
      {
        resource,
        ...follow<Manifest>({
          resource,
          list: { labelSelector: workspaceLabel },
          indexers: { workspace: ofLabel },
          touched: ofLabel,
        }),
      },
    ]),
  );
  const sources = new Map<string, Kind<Manifest>>(
    [CONFIG_MAP, SECRET].map((resource) => [
      resource.kind,
      follow<Manifest>({
        resource,
        list: { namespace: settings.sharedNamespace, labelSelector: `${sharedLabel}=true` },
        // Those that a gardener of its own has without asking are named by it.
        touched: ({ metadata }) => [
          ...named('copy', `${resource.kind} ${metadata.name}`),
          ...named('gardener', 'dedicated'),
        ],
      }),
    ]),
  );

  return {
    synced: Promise.all(reflectors.map(({ synced }) => synced)),
    isSynced: () => reflectors.every((one) => one.isSynced()),
    silentMs: () => Math.max(...reflectors.map((one) => one.silentMs())),
    names: () => [...workspaces.store.keys()],
    // A written one of a resource that is gone must not bring it back.
    workspace: (name) => (workspaces.store.get(name) === undefined ? undefined : workspaces.written.get(name)),
    rivals: (workspace) => {
      const same = [
        ...workspaces.store.byIndex('id', workspaceIdOf(workspace)),
        ...workspaces.store.byIndex('namespace', namespaceNameOf(workspace)),
      ];
      return same.filter(({ metadata }) => metadata.name !== workspace.metadata.name);
    },
    managerOf: (name) => managers.get(name) ?? '',
    namespace: (name) => namespaces.written.get(name),
    child: (resource, key) => children.get(resource.kind)?.written.get(key),
    labelled: (workspace) =>
      [...children.values()].flatMap(({ resource, store }) =>
        store.byIndex('workspace', workspace).map((object) => ({ resource, object })),
      ),
    source: (kind, name) => sources.get(kind)?.store.get(keyOf({ name, namespace: settings.sharedNamespace })),
    note: (resource, object) => {
      if (resource.kind === WORKSPACE.kind) workspaces.written.note(object as Workspace);
      else if (resource.kind === NAMESPACE.kind) namespaces.written.note(object);
      else children.get(resource.kind)?.written.note(object as Manifest);
    },
    stop: async () => {
      await Promise.all(reflectors.map((one) => one.stop()));
      for (const forget of clear) forget();
    },
  };
}

/** Of those who own fields of the spec, the one who wrote last; never ourselves. */
export function writerOf(fields: KubeObject['metadata']['managedFields'] = []): string {
  const writers = fields.filter(
    ({ manager, fieldsV1, subresource }) =>
      manager !== fieldManager && subresource === undefined && fieldsV1 !== undefined && 'f:spec' in fieldsV1,
  );
  return writers.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))[0]?.manager ?? '';
}
