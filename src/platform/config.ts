import { readFileSync } from 'node:fs';
import { type Violation, violationError } from '../errors/error.js';
import { nearest } from '../errors/nearest.js';
import { type Parsed, parsed, refused } from '../errors/parsed.js';
import type { ClientTls } from './grpc/client.js';
import type { ServerTls } from './grpc/server.js';
import { LOG_LEVELS, type LogLevel } from './log.js';

/** Every setting that Ratebook takes from its environment. */
export type Config = {
  readonly mongodb: {
    /** Unset: a server is started as a child of this process. */
    readonly uri?: string;
    /** The `mongod` to start. */
    readonly mongod?: string;
    /** Where the started server keeps its files. */
    readonly dataDir?: string;
    /** What the names of the services' databases start with. */
    readonly database: string;
  };
  readonly server: {
    /** HOST:PORT. */
    readonly listen: string;
    readonly insecure: boolean;
    readonly tls?: ServerTls;
    /** How long calls under way may take when the process is told to stop. */
    readonly drainMs: number;
  };
  readonly client: { readonly address: string; readonly caller?: string; readonly tls?: ClientTls };
  /** How often what has fallen due of subscriptions is rated. */
  readonly dueEveryMs: number;
  /** `reference` decides every match by json-rules-engine, slowly: to compare with, or when in doubt. */
  readonly engine: (typeof ENGINES)[number];
  readonly logLevel: LogLevel;
  /** Unset: no telemetry. */
  readonly otlpEndpoint?: string;
};

const NAMES = [
  'MONGODB_URI',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'RATEBOOK_ADDRESS',
  'RATEBOOK_CALLER',
  'RATEBOOK_DATABASE',
  'RATEBOOK_DATA_DIR',
  'RATEBOOK_DRAIN_SECONDS',
  'RATEBOOK_DUE_SECONDS',
  'RATEBOOK_ENGINE',
  'RATEBOOK_INSECURE',
  'RATEBOOK_LISTEN',
  'RATEBOOK_LOG_LEVEL',
  'RATEBOOK_MONGOD',
  'RATEBOOK_TLS_CA',
  'RATEBOOK_TLS_CERTIFICATE',
  'RATEBOOK_TLS_CLIENT_CA',
  'RATEBOOK_TLS_KEY',
] as const;
type Name = (typeof NAMES)[number];

const ENGINES = ['compiled', 'reference'] as const;
const DEFAULT_ADDRESS = '127.0.0.1:50051';
const LONGEST_SECONDS = 3_600;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment and the PEM files that it names. Throws one INVALID_REQUEST with everything that is wrong. */
export function readConfig(env: Environment): Config {
  const faults = unknownNames(env);
  const { text, choice, seconds, pem } = reader(env, faults);
  const pair = readPair(text, pem, faults);
  const clientCa = pem('RATEBOOK_TLS_CLIENT_CA');
  const ca = pem('RATEBOOK_TLS_CA');
  const config: Config = {
    mongodb: {
      uri: text('MONGODB_URI'),
      mongod: text('RATEBOOK_MONGOD'),
      dataDir: text('RATEBOOK_DATA_DIR'),
      database: text('RATEBOOK_DATABASE') ?? 'ratebook',
    },
    server: {
      listen: text('RATEBOOK_LISTEN') ?? DEFAULT_ADDRESS,
      insecure: choice('RATEBOOK_INSECURE', ['true', 'false'], 'false') === 'true',
      tls: pair === undefined ? undefined : { ...pair, clientCa },
      drainMs: seconds('RATEBOOK_DRAIN_SECONDS', 30) * 1000,
    },
    client: {
      address: text('RATEBOOK_ADDRESS') ?? DEFAULT_ADDRESS,
      caller: text('RATEBOOK_CALLER'),
      tls: pair === undefined && ca === undefined ? undefined : { ...pair, ca },
    },
    dueEveryMs: seconds('RATEBOOK_DUE_SECONDS', 60) * 1000,
    engine: choice('RATEBOOK_ENGINE', ENGINES, 'compiled'),
    logLevel: choice('RATEBOOK_LOG_LEVEL', LOG_LEVELS, 'info'),
    otlpEndpoint: text('OTEL_EXPORTER_OTLP_ENDPOINT'),
  };
  if (faults.length > 0) throw violationError('INVALID_REQUEST', faults);
  return config;
}

type Text = (name: Name) => string | undefined;

/** Functions that read a setting, each of its kind, and add what is wrong with it to the faults. */
function reader(env: Environment, faults: Violation[]) {
  const text: Text = (name) => env[name]?.trim() || undefined;
  const choice = <T extends string>(name: Name, allowed: readonly T[], fallback: T): T => {
    const given = text(name) ?? fallback;
    const found = allowed.find((one) => one === given);
    if (found === undefined)
      faults.push({ field: name, description: `"${given}" is not one of ${allowed.join(', ')}.` });
    return found ?? fallback;
  };
  const seconds = (name: Name, fallback: number): number => {
    const given = text(name) ?? String(fallback);
    const value = /^\d{1,4}$/.test(given) ? Number(given) : Infinity;
    if (value <= LONGEST_SECONDS) return value;
    const description = `"${given}" is not a whole number of seconds from 0 to ${LONGEST_SECONDS}.`;
    faults.push({ field: name, description });
    return fallback;
  };
  const pem = (name: Name): string | undefined => {
    const path = text(name);
    if (path === undefined) return undefined;
    const content = contentOf(path);
    if (!content.ok) faults.push({ field: name, description: content.why });
    else if (!content.value.includes('-----BEGIN '))
      faults.push({ field: name, description: `${path} is not a PEM file.` });
    return content.ok ? content.value : undefined;
  };
  return { text, choice, seconds, pem };
}

function contentOf(path: string): Parsed<string> {
  try {
    return parsed(readFileSync(path, 'utf8'));
  } catch (error) {
    return refused(`${path} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  }
}

/** The certificate that this process shows, as a server and as a client. */
function readPair(
  text: Text,
  pem: Text,
  faults: Violation[],
): { certificate: string; key: string } | undefined {
  const names = ['RATEBOOK_TLS_CERTIFICATE', 'RATEBOOK_TLS_KEY'] as const;
  const missing = names.filter((name) => text(name) === undefined);
  if (missing.length === 1) {
    const description = 'is not set; a certificate and its key are needed together.';
    faults.push(...missing.map((field) => ({ field, description })));
  }
  const [certificate, key] = names.map(pem);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

/** A mistyped name would otherwise leave its default in force without a word. */
function unknownNames(env: Environment): Violation[] {
  const names: readonly string[] = NAMES;
  return Object.keys(env)
    .filter((name) => name.startsWith('RATEBOOK_') && !names.includes(name))
    .map((name) => {
      const meant = nearest(name, NAMES);
      const hint = meant === undefined ? `the settings are ${NAMES.join(', ')}` : `did you mean ${meant}?`;
      return { field: name, description: `This is no setting of Ratebook; ${hint}` };
    });
}
