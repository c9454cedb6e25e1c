// The ranking as everyone asks for it: reckoned once for all who ask within two seconds. Nothing of
// anyone but his nickname and his figures leaves it.

import type { Ranked, RankingPeriod } from '@motu/shared/contract/ranking.ts'
import { formatDecimal } from '@motu/shared/decimal.ts'
import type { Sources } from './queries/net-worth.ts'
import { readFillModels, readStandings, type Standing } from './queries/ranking.ts'
import { type Placed, rank } from './rank.ts'

const FRESH_MS = 2_000
/** A fill model changes with a setting of the server: rarely. */
const MODEL_FRESH_MS = 10 * 60 * 1_000

type Board = { readonly atMs: number; readonly standings: Promise<Standing[]> }
export type Ranking = { ranking: Ranked[]; users: number; as_of: string }

export class RankingBoard {
  readonly #sources: Sources & { now: () => number }
  #board: Board | null = null
  readonly #models = new Map<string, { model: string | null; atMs: number }>()

  constructor(sources: Sources & { now: () => number }) {
    this.#sources = sources
  }

  /**
   * The best of a period, and the caller below them if he is not among them. Whoever was shut out has
   * no place in it.
   */
  async read(
    userId: string,
    { period, limit }: { period: RankingPeriod; limit: number },
  ): Promise<Ranking> {
    const { atMs, standings } = this.#fresh()
    const placed = rank(await standings, period)
    const shown = placed.filter(({ one }, index) => index < limit || one.userId === userId)
    const models = await this.#modelsOf(shown.map(({ one }) => one.userId))
    return {
      ranking: shown.map((place) => viewOf(place, models.get(place.one.userId) ?? null, userId)),
      users: placed.length,
      as_of: new Date(atMs).toISOString(),
    }
  }

  #fresh(): Board {
    const nowMs = this.#sources.now()
    const known = this.#board
    if (known && nowMs - known.atMs < FRESH_MS && nowMs >= known.atMs) return known
    const board = { atMs: nowMs, standings: readStandings(this.#sources, nowMs) }
    this.#board = board
    board.standings.catch(() => {
      // Whoever asks next tries again; those who wait are told.
      if (this.#board === board) this.#board = null
    })
    return board
  }

  async #modelsOf(userIds: readonly string[]): Promise<Map<string, string | null>> {
    const { sql, now } = this.#sources
    const nowMs = now()
    const isFresh = (userId: string): boolean => {
      const known = this.#models.get(userId)
      return known !== undefined && nowMs - known.atMs < MODEL_FRESH_MS
    }
    const missing = userIds.filter((userId) => !isFresh(userId))
    if (missing.length > 0) {
      const found = await readFillModels(sql, missing)
      for (const userId of missing) {
        // Of one without a fill nothing is kept: his first one shows at once.
        if (found.has(userId)) this.#models.set(userId, { model: found.get(userId)!, atMs: nowMs })
        else this.#models.delete(userId)
      }
    }
    return new Map(userIds.map((userId) => [userId, this.#models.get(userId)?.model ?? null]))
  }
}

function viewOf(place: Placed<Standing>, fillModel: string | null, userId: string): Ranked {
  const { one, rank, pnlKrw, returnPct } = place
  return {
    rank,
    nickname: one.nickname,
    net_worth_krw: formatDecimal(one.now.netKrw),
    pnl_krw: formatDecimal(pnlKrw),
    return_pct: formatDecimal(returnPct),
    fill_model: fillModel,
    is_self: one.userId === userId,
  }
}
