/**
 * ISO 4217: how many decimal places each currency's minor unit has. Written out, since the runtime's own tables follow
 * everyday use and not the standard (no fillér for HUF, no rupiah cents for IDR). Metals, units of account and test
 * codes have no minor unit and are nothing to bill in; neither are codes that were withdrawn.
 */
const PLACES: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
      COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
      INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
      MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
      STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const minorUnitsByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(PLACES).flatMap(([places, codes]) =>
    codes.split(/\s+/).map((code) => [code, Number(places)] as const),
  ),
);

/** Decimal places of a currency's minor unit (JPY 0, USD 2, KWD 3, CLF 4); undefined for a code that is no currency. */
export function minorUnits(code: string): number | undefined {
  return minorUnitsByCode.get(code);
}

/** Whether this is the ISO 4217 code, in capitals, of a currency in use. */
export function isCurrency(code: string): boolean {
  return minorUnitsByCode.has(code);
}
