/** The directions of `docs/architecture.md`; `tools/check/directions.spec.ts` plants a breach of each rule. */
const PROGRAMS = ['api', 'workflows', 'operator', 'web'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'contracts-are-pure',
      comment: 'contracts imports typebox and itself: no node:, no other package',
      severity: 'error',
      from: { path: '^packages/contracts/src', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^packages/contracts/src', '^node_modules/typebox/'] },
    },
    {
      name: 'service-knows-contracts-only',
      comment: 'service imports no program',
      severity: 'error',
      from: { path: '^packages/service/src', pathNot: '\\.int\\.spec\\.ts$' },
      to: { path: `^(${[...PROGRAMS, 'tools', 'bench'].join('|')})/` },
    },
    ...PROGRAMS.map((program) => ({
      name: `${program}-imports-no-other-program`,
      comment: 'the four programs never import each other, nor the tools; they meet in contracts',
      severity: 'error',
      from: { path: `^${program}/`, pathNot: '\\.int\\.spec\\.ts$|^web/e2e/' },
      to: { path: `^(${[...PROGRAMS.filter((other) => other !== program), 'tools', 'bench'].join('|')})/` },
    })),
    {
      name: 'web-takes-types-only',
      comment: 'a value imported from contracts brings TypeBox into the page (17 kB gzipped)',
      severity: 'error',
      from: { path: '^web/src', pathNot: '\\.spec\\.ts$' },
      to: { path: '^packages/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflow-code-is-deterministic',
      comment: 'a workflow imports activities and everything of Node as types only',
      severity: 'error',
      from: { path: '^workflows/src/(.+/workflow|workflows)\\.ts$' },
      to: {
        path: 'activities\\.ts$|^node_modules/@temporalio/(activity|client|worker)/|^node:|^node_modules/(sharp|typebox)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-node-in-workflow-code',
      comment: 'the bundle has no builtins of Node',
      severity: 'error',
      from: { path: '^workflows/src/(.+/workflow|workflows)\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'worker-has-no-database',
      comment: 'what decodes untrusted pictures reaches no database',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^node_modules/(pg|knex|objection)/' },
    },
    {
      name: 'rows-in-repos-only',
      comment: 'inside the api: routes → service → repo → row',
      severity: 'error',
      from: { path: '^api/src', pathNot: '-(repo|row)\\.ts$|\\.spec\\.ts$' },
      to: { path: '-row\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'repos-know-no-routes',
      comment: 'inside the api: routes → service → repo → row',
      severity: 'error',
      from: { path: '^api/src/.+-(repo|row)\\.ts$' },
      to: { path: '^api/src/.+-(routes|service)\\.ts$' },
    },
    {
      name: 'services-know-no-routes',
      comment: 'inside the api: routes → service → repo → row',
      severity: 'error',
      from: { path: '^api/src/.+-service\\.ts$' },
      to: { path: '^api/src/.+-routes\\.ts$' },
    },
    {
      name: 'objection-in-rows-and-repos-only',
      comment: 'leaving objection later touches these files and no others',
      severity: 'error',
      from: { path: '^api/src', pathNot: '-(repo|row)\\.ts$|^api/src/db/knex\\.ts$' },
      to: { path: '^node_modules/objection/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-declared-packages',
      comment: 'a package that the workspace does not declare is there by accident',
      severity: 'error',
      from: { path: '^(packages|api|workflows|operator|tools|bench)/', pathNot: '\\.spec\\.ts$|^tools/test/' },
      to: { path: 'node_modules/', dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: { pathNot: '^web/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.angular|\\.hortus)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
