import { DurableObject } from 'cloudflare:workers'
import type { FeedStatus } from '@motu/shared/contract/status.ts'
import type { Env } from './env.ts'

export type HubState = { clockOffsetMs: number | null; feeds: FeedStatus[] }

export class Hub extends DurableObject<Env> {
  state(): HubState {
    return { clockOffsetMs: null, feeds: [] }
  }
}
