/** Words that stand where an identifier should, as people and programs of many languages write them. Data of the rule PLACEHOLDER. */

/** They say that there is nothing, or that it is not known. */
const nothing = `
  null nil none nan na nul nulo nulle nullo undefined undef unset void empty blank missing unknown unk unspecified unavailable
  notavailable notapplicable notset notprovided notgiven notfound notknown nodata novalue noid nouser nouserid noemail nomail noname
  noreply donotreply nothing dbnull systemdbnull objectobject objectnull objectundefined objectpromise infinity inf
  deleted deleteduser removed redacted masked hidden tbd tba todo pending true false yes no
  unbekannt leer keine keiner keines keineangabe keinwert keineemail nichtvorhanden nichtverfügbar nichtbekannt nichtgesetzt gelöscht ja nein
  inconnu inconnue vide aucun aucune néant nonrenseigné nonrenseigne nondisponible nondéfini sansobjet supprimé oui non
  desconocido desconocida vacío vacio ninguno ninguna nodisponible noaplica sindatos sinvalor sincorreo eliminado sí si
  sconosciuto sconosciuta vuoto nessuno nessuna nondisponibile nonapplicabile nondefinito eliminato
  desconhecido desconhecida vazio nenhum nenhuma nãodisponível naodisponivel nãoinformado naoinformado semdados excluído sim não nao
  onbekend leeg geen nietbeschikbaar nietbekend verwijderd nee
  nieznany nieznana nieznane pusty puste brak brakdanych niedotyczy usunięty tak nie
  неизвестно неизвестный неизвестная неизвестен пусто нет нетданных неуказано отсутствует удален удалён да невідомо немає
  ukendt ukjent okänd okand ingen inget saknas tuntematon eitietoa eisaatavilla
  neznámý neznamy žádný zadny prázdný neznámy žiadny ismeretlen nincs üres necunoscut niciunul άγνωστο κανένα κενό
  bilinmiyor yok tanımsız belirtilmemiş 不明 無し なし 無 該当なし 未設定 未入力 未定義 空 空白 未知 没有 無資料 无 暂无 未定义 없음 미상 알수없음 미정
  غيرمعروف لايوجد فارغ לאידוע אין ไม่ทราบ ไม่มี khôngcó tidakada tidakdiketahui`;

/** They stand for anybody, or for the name of the column. */
const anybody = `
  anonymous anonym anon anonymoususer guest guestuser visitor nobody somebody someone test tests tester testing testuser testid
  example sample dummy placeholder default foo bar foobar foobaz asdf asdfgh qwerty qwertz x xx lorem loremipsum
  user users username userid useridentifier id ids uid uuid guid email emails emailaddress mail name customer customerid client clientid
  yourname youremail firstname lastname johndoe janedoe value string domain company
  anonyme anonymer gast besucher niemand jemand beispiel muster mustermann maxmustermann benutzer nutzer kunde
  invité invite visiteur personne exemple utilisateur
  anónimo anonimo anónima invitado visitante nadie prueba ejemplo usuario
  ospite visitatore prova esempio utente anônimo convidado ninguém ninguem teste exemplo usuário
  anoniem bezoeker voorbeeld gebruiker anonimowy anonimowa gość gosc nikt przykład użytkownik
  аноним анонимный анонимно гость никто тест пример пользователь анонім
  匿名 ゲスト テスト ユーザー ユーザ 名無し 訪客 访客 游客 测试 用户 익명 게스트 테스트 사용자 مجهول ضيف misafir anonim tamu pengguna`;

const listed = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words for nothing, in lower case, their letters and digits alone. */
export const nothingWords = listed(nothing);

/** Words for anybody, in the same form. */
export const anybodyWords = listed(anybody);

/** Characters of the longest word that is looked up, with what may surround its letters. */
const LONGEST = 40;

const decoration = /[^\p{L}\p{M}\p{N}]+/u;

/** A text in the form in which words are listed; empty where it is too long to be one. */
export function wordOf(text: string): string {
  return wordsOf(text).join('');
}

/** The words of a text in that form; none where it is too long. */
export function wordsOf(text: string): string[] {
  if (text.length > LONGEST) return [];
  return text
    .normalize('NFC')
    .toLowerCase()
    .split(decoration)
    .filter((word) => word !== '');
}
