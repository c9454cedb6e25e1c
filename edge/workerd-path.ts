// Where the workerd binary is. The package is CommonJS and says it in its `default` export, which
// Node and Vite wrap differently: `require` means the same to both.

import { createRequire } from 'node:module'

const workerd = createRequire(import.meta.url)('workerd') as { default: string }

export const workerdPath = workerd.default
