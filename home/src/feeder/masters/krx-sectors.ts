// Pure: no I/O, no clock, no randomness.
// The names of KRX's industry indices by the codes the master files use: 1-99 of KOSPI, 1001 and
// above of KOSDAQ. Source: KRX industry indices, as named since 2024-06 (several were merged and
// renamed then; a file made before uses the same codes). A code that is not here has no name yet.

const SECTORS: Readonly<Record<number, string>> = {
  5: '음식료·담배',
  6: '섬유·의류',
  7: '종이·목재',
  8: '화학',
  9: '제약',
  10: '비금속',
  11: '금속',
  12: '기계·장비',
  13: '전기·전자',
  14: '의료·정밀기기',
  15: '운송장비·부품',
  16: '유통',
  17: '전기·가스',
  18: '건설',
  19: '운송·창고',
  20: '통신',
  21: '금융',
  24: '증권',
  25: '보험',
  26: '일반서비스',
  27: '제조',
  28: '부동산',
  29: 'IT 서비스',
  30: '오락·문화',
  1006: '일반서비스',
  1009: '제조',
  1010: '건설',
  1011: '유통',
  1013: '운송·창고',
  1014: '금융',
  1015: '오락·문화',
  1019: '음식료·담배',
  1020: '섬유·의류',
  1021: '종이·목재',
  1022: '출판·매체복제',
  1023: '화학',
  1024: '제약',
  1025: '비금속',
  1026: '금속',
  1027: '기계·장비',
  1028: '전기·전자',
  1029: '의료·정밀기기',
  1030: '운송장비·부품',
  1031: '기타제조',
  1032: '통신',
  1036: 'IT 서비스',
}

/** The first code that has a name: the finer one is asked for first. */
export function krxSectorOf(codes: readonly string[]): string | null {
  for (const code of codes) {
    const name = /^\d{1,4}$/.test(code) ? SECTORS[Number.parseInt(code, 10)] : undefined
    if (name !== undefined) return name
  }
  return null
}
