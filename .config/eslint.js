// Style and safety. Which room may import which is checked apart, by house.cjs. test/style.test.ts breaks each rule of ours.
import tseslint from 'typescript-eslint';

const nameless = 'A file is named after what it holds, never util, helper, common or misc.';
const namelessFile = '*{util,helper,common,misc}{,s}';

const said = (message, selectors) => selectors.map((selector) => ({ selector, message }));

/** Everywhere in src. */
const everywhere = [
  ...said('Data is plain and verbs are free functions; the one class is the error.', ['ClassDeclaration']),
  ...said('A cast through unknown says that the types are wrong; mend those.', [
    'TSAsExpression > TSAsExpression > TSUnknownKeyword',
  ]),
  ...said('A binary float has no place near an amount; see money/.', [
    'CallExpression[callee.name="parseFloat"]',
    'MemberExpression[object.name="Number"][property.name="parseFloat"]',
  ]),
];

const oneTransaction = said(
  'A transaction is opened by platform/mongo/transaction.ts, which knows when to repeat.',
  [
    'MemberExpression[property.name=/^(startSession|withSession|startTransaction|withTransaction|commitTransaction)$/]',
  ],
);

const pureRooms = [
  ...said('A pure room has no clock and no randomness; times and ids are arguments.', [
    'MemberExpression[object.name="Date"][property.name="now"]',
    'NewExpression[callee.name="Date"][arguments.length=0]',
    'CallExpression[callee.name="Date"]',
    'MemberExpression[object.name="Math"][property.name="random"]',
    'MemberExpression[object.name="Temporal"][property.name="Now"]',
    'ImportSpecifier[imported.name=/^random/]',
    'Identifier[name="performance"]',
    'Identifier[name="crypto"]',
  ]),
  ...said('A pure room touches nothing outside.', [
    'Identifier[name="process"]',
    'Identifier[name="console"]',
    'Identifier[name="fetch"]',
    'ImportExpression',
  ]),
];

const noPromises = said('A pure room answers at once; only the reference engine and its driver may wait.', [
  ':function[async=true]',
  'ForOfStatement[await=true]',
  'Identifier[name="Promise"]',
  'Identifier[name=/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/]',
]);

const restrict = (...groups) => ({ 'no-restricted-syntax': ['error', ...groups.flat()] });

const PURE = 'src/{errors,money,time,pricing,strategy,quote,analysis,simulation}/**/*.ts';
const MAY_WAIT = 'src/strategy/engine/{reference,matcher}.ts';

export default tseslint.config(
  { ignores: ['dist/', 'src/gen/', 'node_modules/'] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['.config/eslint.js', '.config/house.cjs'] } },
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: [{ name: ['Error', 'bigint'], from: 'lib' }] },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
    },
  },
  {
    files: ['src/**/*.ts'],
    linterOptions: { noInlineConfig: true },
    rules: restrict(everywhere, oneTransaction),
  },
  { files: ['src/platform/mongo/transaction.ts'], rules: restrict(everywhere) },
  { files: [PURE], ignores: [MAY_WAIT], rules: restrict(everywhere, pureRooms, noPromises) },
  { files: [MAY_WAIT], rules: restrict(everywhere, pureRooms) },
  {
    files: ['src/errors/error.ts'],
    rules: restrict(
      everywhere.filter(({ selector }) => selector !== 'ClassDeclaration'),
      pureRooms,
      noPromises,
    ),
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    files: [`**/${namelessFile}.ts`, `**/${namelessFile}/**/*.ts`],
    rules: restrict(said(nameless, ['Program'])),
  },
  {
    files: ['.config/*'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { module: 'writable' } },
  },
);
