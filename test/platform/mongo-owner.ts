// Run by a test as a process of its own, which is then killed: owns an embedded server and tells its URI.
import { startEmbedded } from '../../src/platform/mongo/embedded.js';

const { uri } = await startEmbedded(process.argv[2] ?? '', { env: process.env, onProgress: console.warn });
process.send?.(uri);
process.once('disconnect', () => process.exit());
