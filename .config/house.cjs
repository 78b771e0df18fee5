// The house rules: which room may import which, and where each outside library lives. An arrow never points back.
// test/house.test.ts breaks each of them once.
const pure = ['errors', 'money', 'time', 'pricing', 'strategy', 'quote', 'analysis', 'simulation'];
const upTo = (room) => pure.slice(0, pure.indexOf(room));
const allPure = [...pure, 'ledger'];

/** What each room may import besides itself. */
const rooms = {
  ...Object.fromEntries(pure.map((room) => [room, upTo(room)])),
  ledger: upTo('time'),
  intake: pure,
  gen: [],
  platform: ['errors', 'gen'],
  services: [...allPure, 'intake', 'platform', 'gen'],
  cli: [...pure, 'intake', 'platform', 'gen'],
};

/** Rooms that a room reaches through some of its files only. */
const doors = {
  cli: ['services/[^/]+/client\\.ts$', 'main\\.ts$'],
};

const store = 'src/services/[^/]+/store\\.ts';
const handlers = 'src/services/[^/]+/handlers\\.ts';

/** Where each library is imported. One that stands nowhere here is for rooms that are not pure. */
const libraries = {
  'decimal.js': ['src/money/wide\\.ts'],
  'temporal-polyfill': ['src/time/temporal\\.ts'],
  'json-rules-engine': ['src/strategy/engine/reference\\.ts'],
  canonicalize: ['src/strategy/canonical\\.ts', 'src/platform/content-hash\\.ts'],
  yaml: ['src/strategy/source/'],
  'jsonc-parser': ['src/strategy/source/'],
  zod: ['src/strategy/read/', 'src/analysis/', 'src/cli/facts-file\\.ts'],
  mongodb: ['src/platform/', store, handlers, 'src/services/[a-z]+/decimal128\\.ts'],
  'mongodb-memory-server-core': ['src/platform/mongo/'],
  '@grpc': ['src/platform/', handlers],
  'grpc-health-check': ['src/platform/grpc/'],
  '@opentelemetry': ['src/platform/'],
  pino: ['src/platform/'],
  commander: ['src/cli/'],
};
const literal = (text) => text.replaceAll('.', '\\.');
const pureLibraries = Object.keys(libraries).filter((name) =>
  libraries[name].some((place) => allPure.some((room) => place.startsWith(`src/${room}/`))),
);

const forbid = (name, from, to) => ({ name, severity: 'error', from, to });
const anyOf = (names) => `(${names.join('|')})`;

module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    ...Object.entries(rooms).map(([room, allowed]) =>
      forbid(
        `${room}-imports`,
        { path: `^src/${room}/` },
        {
          path: '^(src|test)/',
          pathNot: `^src/${anyOf([...[room, ...allowed].map((name) => `${name}/`), ...(doors[room] ?? [])])}`,
        },
      ),
    ),
    forbid(
      'a-service-reaches-another-through-its-client',
      { path: '^src/services/([^/]+)/' },
      { path: '^src/services/([^/]+)/', pathNot: '^src/services/($1/|[^/]+/client\\.ts$)' },
    ),
    forbid(
      'only-serve-and-demo-start-services',
      { path: '^src/', pathNot: '^src/cli/(serve|demo/demo)\\.ts$' },
      { path: '^src/main\\.ts$' },
    ),
    forbid('main-knows-no-cli', { path: '^src/main\\.ts$' }, { path: '^src/cli/' }),
    forbid(
      'pure-rooms-touch-nothing-outside',
      { path: `^src/${anyOf(allPure)}/`, pathNot: '^src/strategy/canonical\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    // The content hash of a document is part of what it means.
    forbid(
      'pure-rooms-hash-and-no-more',
      { path: '^src/strategy/canonical\\.ts$' },
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    forbid(
      'pure-rooms-have-few-libraries',
      { path: `^src/${anyOf(allPure)}/` },
      {
        path: 'node_modules/',
        pathNot: `node_modules/${anyOf(pureLibraries.map(literal))}/`,
      },
    ),
    ...Object.entries(libraries).map(([library, places]) =>
      forbid(
        `${library}-has-its-place`,
        { path: '^src/', pathNot: `^${anyOf(places)}` },
        { path: `node_modules/${literal(library)}/` },
      ),
    ),
    forbid(
      'what-runs-is-installed',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
