// The API of admins in the words of their pages: one method a call.

import type {
  Adjustment,
  AdminUserList,
  AuditList,
  NewAdjustment,
} from '@motu/shared/contract/admin.ts'
import type { User } from '@motu/shared/contract/auth.ts'
import type { Api } from '#lib/api.ts'
import type { Answer, HttpMethod } from '#lib/http.ts'

const PREFIX = '/api/v1/admin'

export type UserQuery = { query: string; limit: number; cursor?: string | null }
export type AuditQuery = {
  action?: string
  user_id?: string
  limit: number
  cursor?: string | null
}

export class AdminApi {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  users(query: UserQuery): Promise<Answer<AdminUserList>> {
    return this.#send('GET', `/users?${searchOf(query)}`)
  }

  disable(userId: string): Promise<Answer<undefined>> {
    return this.#send('POST', `/users/${userId}/disable`)
  }

  enable(userId: string): Promise<Answer<undefined>> {
    return this.#send('POST', `/users/${userId}/enable`)
  }

  changeRole(userId: string, role: User['role']): Promise<Answer<undefined>> {
    return this.#send('PUT', `/users/${userId}/role`, { role })
  }

  adjust(userId: string, adjustment: NewAdjustment): Promise<Answer<Adjustment>> {
    return this.#send('POST', `/users/${userId}/adjustments`, adjustment)
  }

  audit(query: AuditQuery): Promise<Answer<AuditList>> {
    return this.#send('GET', `/audit?${searchOf(query)}`)
  }

  #send<T>(method: HttpMethod, path: string, body?: unknown): Promise<Answer<T>> {
    return this.#api.signed({ method, path: PREFIX + path, body })
  }
}

/** What is empty is not asked for. */
function searchOf(query: Readonly<Record<string, string | number | null | undefined>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, `${value}`)
  return search.toString()
}
