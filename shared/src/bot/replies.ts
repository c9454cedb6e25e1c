// Pure: no I/O, no clock, no randomness.
// The bot's replies to what was asked, made of what the API answers.

import type { Order } from '../contract/orders.ts'
import type { Portfolio } from '../contract/portfolio.ts'
import type { Ranked } from '../contract/ranking.ts'
import { findInstrument, type Instrument } from '../instrument.ts'
import type { Quote } from '../market-data.ts'
import type { Side } from '../order.ts'
import type { TradeAsk } from './ask.ts'
import { grouped, percent, priced, signed, won } from './figures.ts'
import { REASON_TEXTS } from './reason-texts.ts'
import { type BotReply, say } from './reply.ts'

/** Positions and ranks a message has room for. */
export const LINES_MAX = 10

const SIDE_WORDS: Readonly<Record<Side, string>> = { BUY: '매수', SELL: '매도' }
const STATUS_WORDS: Readonly<Record<Order['status'], string>> = {
  PENDING: '접수했어요',
  OPEN: '체결을 기다리고 있어요',
  PARTIALLY_FILLED: '일부 체결됐어요',
  FILLED: '체결됐어요',
  CANCELLED: '취소됐어요',
  EXPIRED: '기간이 끝났어요',
  FAILED: '거절됐어요',
}
const STALE = '집 서버가 꺼져 있어서 마지막으로 알던 값이에요.'

export const nameOf = (tickerId: string): string => findInstrument(tickerId)?.nameKo ?? tickerId

export function priceReply(instrument: Instrument, quote: Quote, isStale: boolean): BotReply {
  const price = priced(quote.price, quote.currency)
  const spread = `매수 호가 ${priced(quote.bid, quote.currency)} · 매도 호가 ${priced(quote.ask, quote.currency)}`
  return {
    ...say(
      `${instrument.nameKo} ${price} (${percent(quote.change_pct)})`,
      spread,
      ...(quote.simulated ? ['모의 시세예요.'] : []),
      ...(isStale ? [STALE] : []),
    ),
    isPublic: true,
  }
}

export function portfolioReply(nickname: string, portfolio: Portfolio, isStale: boolean): BotReply {
  const { positions } = portfolio
  const lines = positions.slice(0, LINES_MAX).map((position) => {
    const pnl = position.unrealized_pnl_krw
    const worth = position.value_krw === null ? '시세 없음' : won(position.value_krw)
    const gain = pnl === null ? '' : ` (${signed(pnl, won)})`
    return `${nameOf(position.ticker_id)} ${grouped(position.quantity)} · ${worth}${gain}`
  })
  const more = positions.length - lines.length
  return say(
    `${nickname}님의 총자산 ${won(portfolio.equity_krw)}`,
    `주문 가능 ${won(portfolio.cash_krw)} · 주문에 묶임 ${won(portfolio.held_krw)}`,
    ...(lines.length === 0 ? ['보유 종목이 없어요.'] : lines),
    ...(more > 0 ? [`외 ${more}개`] : []),
    ...(isStale ? [STALE] : []),
  )
}

export function rankingReply(ranking: readonly Ranked[], users: number): BotReply {
  const lines = ranking.map(
    ({ rank, nickname, net_worth_krw, return_pct, is_self }) =>
      `${rank}위 ${nickname}${is_self ? ' (나)' : ''} · ${won(net_worth_krw)} (${percent(return_pct)})`,
  )
  return say(`전체 순위 · ${users}명`, ...lines)
}

/** What is about to be ordered, with the buttons that say yes or no. */
export function offerReply(
  ask: TradeAsk,
  instrument: Instrument,
  { id, quote, isDark }: { id: string; quote: Quote | null; isDark: boolean },
): BotReply {
  const { side, quantity, limitPrice } = ask
  const at = limitPrice === null ? '시장가' : `지정가 ${priced(limitPrice, instrument.currency)}`
  const now = quote ? [`지금 가격 ${priced(quote.price, quote.currency)}`] : []
  const dark = isDark ? ['집 서버가 꺼져 있어요. 주문을 맡아 두었다가 돌아오면 처리해요.'] : []
  return {
    title: `${instrument.nameKo} ${grouped(quantity)} ${SIDE_WORDS[side]} · ${at}`,
    lines: [...now, ...dark, '이대로 주문할까요? 5분 안에 눌러 주세요.'],
    buttons: [
      { kind: 'confirm', id, label: `${SIDE_WORDS[side]} 주문` },
      { kind: 'dismiss', id, label: '그만두기' },
    ],
  }
}

/** How an order stands; with a button to look again while it may change. */
export function orderReply(order: Order, isDark: boolean): BotReply {
  const { order_id: id, status, side, reason, price, currency } = order
  const isOver = ['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED'].includes(status)
  const what = `${nameOf(order.ticker_id)} ${grouped(order.quantity)} ${SIDE_WORDS[side]}`
  const filled =
    price === null
      ? []
      : [`${grouped(order.filled_quantity)} 체결 · 평균 ${priced(price, currency)}`]
  return {
    title: `${what}: ${STATUS_WORDS[status]}`,
    lines: [
      ...filled,
      ...(reason === null ? [] : [REASON_TEXTS[reason]]),
      ...(isDark && !isOver
        ? ['집 서버가 꺼져 있어요. 주문은 맡아 두었고, 돌아오면 처리해요.']
        : []),
    ],
    buttons: isOver ? [] : [{ kind: 'order', id, label: '주문 상태 보기' }],
  }
}

export function linkedReply(nickname: string, mayTrade: boolean): BotReply {
  const what = mayTrade ? '시세와 계좌를 보고 주문도 할 수 있어요.' : '시세와 계좌를 볼 수 있어요.'
  return say(`${nickname}님의 계정과 연결했어요`, what, '연결은 모투의 설정에서 끊을 수 있어요.')
}
