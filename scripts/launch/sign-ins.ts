// The two sign-ins of an installation: made on its first start, printed on every one.

import postgres from 'postgres'
import { type Backing } from './backing.ts'
import { type Secrets } from './secrets.ts'

type SignIn = { name: 'demo' | 'admin'; password: string }

export type Started = { url: string; secrets: Secrets; backing: Backing }

/** Makes the sign-ins that are missing, and prints how to begin. */
export async function printSignIns({ url, secrets, backing }: Started): Promise<void> {
  const demo: SignIn = { name: 'demo', password: secrets.demoPassword }
  const admin: SignIn = { name: 'admin', password: secrets.adminPassword }
  const notes = await Promise.all([keepSignIn(url, demo), keepSignIn(url, admin)])
  await makeAdmin(backing.postgresUrl, admin.name)
  console.log(`
Motu is ready: ${url}

demo sign-in: ${demo.name} / ${demo.password}
admin sign-in: ${admin.name} / ${admin.password}
${notes.filter(Boolean).join('\n')}
Take home away with    npm run plug -- out
and give it back with  npm run plug -- in     (Ctrl-C stops everything)`)
}

/** Registers it; null, or a note when the database knows the name with another password. */
async function keepSignIn(url: string, { name, password }: SignIn): Promise<string | null> {
  const registered = await post(`${url}/api/v1/auth/register`, {
    username: name,
    password,
    nickname: name,
  })
  if (registered.ok) return null
  const entered = await post(`${url}/api/v1/login/access-token`, { username: name, password })
  if (entered.ok) return null
  if (entered.status === 401) {
    return `(${name} has another password in this database: it was changed, or made elsewhere)\n`
  }
  throw new Error(`could not make the sign-in ${name}: ${await registered.text()}`)
}

const post = (url: string, body: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Nobody can register as an administrator: the role is given here, at the database. */
async function makeAdmin(postgresUrl: string, name: string): Promise<void> {
  const sql = postgres(postgresUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`UPDATE users SET role = 'ADMIN' WHERE username = ${name} AND role <> 'ADMIN'`
  } finally {
    await sql.end({ timeout: 5 })
  }
}
