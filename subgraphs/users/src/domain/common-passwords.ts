/**
 * What is tried first, of 8 characters and more, in lower case. Short on purpose: throttling makes longer lists matter
 * little, and an operator who wants one asks a breach service before.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  12345678 123456789 1234567890 12345678910 123123123 987654321 0987654321 87654321 11223344 1122334455 123454321
  12341234 123456123 12344321 147258369 147852369 159753456 741852963 789456123 963852741 1q2w3e4r 1q2w3e4r5t
  1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsx qazwsxedc qwertyui qwertyuiop
  qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 asdfghjk asdfghjkl asdf1234 asdfasdf zxcvbnm1 zxcvbnm123
  qwer1234 qweasdzxc qwe123qwe 1234qwer 123qweasd 123qwe123 abcd1234 abcdefgh abcdefghi abc12345 abc123456 a1b2c3d4
  aa123456 a12345678 a123456789 asd123456 qwe123456 password password1 password12 password123 password1234 password!
  password1! passw0rd p@ssw0rd p@ssword pa55word pass1234 passwort passwort1 passwort123 motdepasse contraseña
  contrasena senha123 parola123 iloveyou iloveyou1 iloveyou2 ilovemusic loveyou1 lovelove loveme123 trustno1 letmein1
  letmein123 welcome1 welcome12 welcome123 changeme changeme1 changeme123 admin123 admin1234 administrator
  superman superman1 batman123 spiderman starwars pokemon1 pokemon123 minecraft fortnite football football1 baseball
  baseball1 basketball liverpool liverpool1 chelsea1 arsenal1 barcelona juventus manchester michael1 jennifer jessica1
  michelle danielle alexander alexandra elizabeth princess princess1 sunshine sunshine1 butterfly chocolate
  computer computer1 internet internet1 samsung1 samsung123 google123 facebook facebook1 linkedin
  shadow123 dragon123 monkey123 master123 mustang1 corvette mercedes ferrari1 whatever whatever1 qazwsx123
  secret123 access14 november december september midnight charlie1 jordan23 hello123 hello1234 helloworld
  welcome2 summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2026 autumn2026
  spotify1 spotify123 medley123 medley1234 ilovemedley music123 musiclover
  `
    .trim()
    .split(/\s+/),
);
