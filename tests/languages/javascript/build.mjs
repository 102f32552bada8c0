// node build.mjs SOURCE WIT RESULT: makes the component. Networking of its own is not wanted, so its imports are left out.
import { writeFile } from 'node:fs/promises';
import { componentize } from '@bytecodealliance/componentize-js';

const [sourcePath, witPath, result] = process.argv.slice(2);
const made = await componentize({ sourcePath, witPath, worldName: 'plugin', disableFeatures: ['http', 'fetch-event'] });
await writeFile(result, made.component);
