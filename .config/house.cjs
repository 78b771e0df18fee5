// The house rules: which room may import which, and where each outside library lives. An arrow never points back.
const rooms = {
  errors: [],
  money: ['errors'],
  time: ['errors', 'money'],
  pricing: ['errors', 'money', 'time'],
  strategy: ['errors', 'money', 'time', 'pricing'],
  quote: ['errors', 'money', 'time', 'pricing', 'strategy'],
  analysis: ['errors', 'money', 'time', 'pricing', 'strategy', 'quote'],
  intake: ['errors', 'money', 'time', 'pricing', 'strategy', 'quote'],
  platform: ['errors', 'gen'],
  gen: [],
};
const pure = Object.keys(rooms).filter((room) => !['platform', 'gen', 'intake'].includes(room));

const only = (library, files) => ({
  name: `${library}-lives-in-one-place`,
  severity: 'error',
  from: { path: '^src/', pathNot: files },
  to: { path: `node_modules/${library}/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-imports`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
    })),
    {
      name: 'a-service-reaches-another-through-its-client',
      severity: 'error',
      from: { path: '^src/services/([^/]+)/' },
      to: { path: '^src/services/([^/]+)/', pathNot: '^src/services/($1/|[^/]+/client\\.ts$)' },
    },
    {
      name: 'services-do-not-know-the-cli',
      severity: 'error',
      from: { path: '^src/services/' },
      to: { path: '^src/(cli/|main\\.ts)' },
    },
    {
      name: 'pure-rooms-touch-nothing-outside',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    only('decimal\\.js', '^src/money/decimal\\.ts$'),
    only('temporal-polyfill', '^src/time/temporal\\.ts$'),
    only('json-rules-engine', '^src/strategy/engine/reference\\.ts$'),
    only('mongodb', '^src/(platform/|services/[^/]+/(store|handlers)\\.ts$)'),
    only('mongodb-memory-server-core', '^src/platform/'),
    only('@grpc', '^src/(platform/|services/[^/]+/handlers\\.ts$)'),
    only('@opentelemetry', '^src/platform/'),
    only('commander', '^src/cli/'),
    only('pino', '^src/platform/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
