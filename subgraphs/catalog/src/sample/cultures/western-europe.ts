import { type Culture, inTwoParts, list, named } from './culture.ts';

// German joins nouns, and each of these joins is a word that could be.
const germanStarts =
  list(`Nacht, Sommer, Winter, Stadt, Meer, Wald, Herbst, Stern, Silber, Morgen, Abend, Regen, Glas,
  Traum, Schatten, Nebel, Feuer, Mond, Wolken, Hafen, Papier, Kinder`);
const germanEnds =
  list(`licht, wind, lied, zug, garten, himmel, fenster, tanz, weg, haus, brief, fieber, karussell,
  melodie, straße, vogel, kino, blume`);
const germanWords = inTwoParts(germanStarts, germanEnds, (one, other) => one + other);
const germanPhrases =
  list(`Bleib noch ein bisschen, Über den Dächern, Bis morgen früh, Du fehlst, Wenn es schneit,
  Irgendwo am Wasser, Alles auf Anfang, Nie wieder Dienstag, Am Ende der Straße, Halb so wild, Fünf vor zwölf,
  Ohne dich ist auch schön, Sag es leise, Auf dem Weg nach Hause, Zwischen den Jahren, Weit weg von hier`);

export const german: Culture = {
  name: 'German',
  weight: 28,
  homes: [
    ['DE', 'Leipzig', 'Hamburg', 'Berlin', 'Köln', 'München', 'Bremen'],
    ['AT', 'Wien', 'Graz'],
    ['CH', 'Zürich', 'Basel'],
  ],
  genres: ['techno', 'electronic', 'indie-pop', 'classical', 'hip-hop', 'deep-house'],
  labels: list('Nachtfalter Tonträger, Elbkante, Kontor Neun, Waldschall, Spätschicht Records'),
  person: named(
    'Jule, Anselm, Frieda, Konstantin, Merle, Till, Änne, Jasper, Lioba, Henrike, Korbinian, Mathis, Svenja, Özge',
    'Sternthaler, Wiesengrün, Brückmann, Tannhof, Löwenherz, Nachtweih, Rosenquell, Grünfels, Seeliger-Voß, Möwenstein, Kaltenbach, Yıldızhan',
  ),
  band: (random) =>
    random.pick([
      () =>
        `Die ${random.pick(list('stillen, letzten, halben, blauen, schnellen, müden'))} ${random.pick(list('Laternen, Matrosen, Dächer, Gärtner, Kometen, Nachbarn'))}`,
      () => `${random.pick(list('Kollektiv, Orchester, Kapelle, Trio'))} ${germanWords(random)}`,
      () => germanWords(random).toUpperCase(),
    ])(),
  title: (random) => (random.chance(0.3) ? random.pick(germanPhrases) : germanWords(random)),
};

const frenchTitle = inTwoParts(
  list(`La nuit, Le jardin, La fenêtre, L’été, Le fleuve, Les étoiles, La pluie, Le train, Mon cœur, La chambre,
    Les oiseaux, Le silence, La lumière, Un café, Une lettre, Le bal, Les marées, La ville, Le manège, Ma mémoire`),
  list(`de minuit, sans fin, d’hiver, en septembre, de verre, sous la neige, du dimanche, à contre-jour, pour personne,
    de papier, au bord de l’eau, sans toi, d’autrefois, en couleur, à Marseille, de mon père, au ralenti, et moi`),
);

export const french: Culture = {
  name: 'French',
  weight: 22,
  homes: [
    ['FR', 'Paris', 'Nantes', 'Lyon', 'Marseille', 'Rennes'],
    ['BE', 'Liège', 'Namur'],
    ['CA', 'Québec', 'Montréal'],
    ['SN', 'Dakar'],
  ],
  genres: ['chanson', 'electronic', 'deep-house', 'jazz', 'indie-pop'],
  labels: list('Éditions du Phare, Bleu Canal, Petit Matin, Disques Mirabelle, La Grande Ourse'),
  person: named(
    'Océane, Maël, Apolline, Côme, Héloïse, Anatole, Élodie, Bastien, Séraphine, Aïssatou, Lucien, Noémie',
    'Vauclair, Desrosiers-Lune, Montabert, Clairefontaine, Beaurivage, Sorel-Diop, Grandpré, Lavallière, Trémois, Duchêne-Mer',
  ),
  band: (random) =>
    random.pick([
      () =>
        `Les ${random.pick(list('Petits Phares, Grands Froids, Dimanches, Somnambules, Marins d’Eau Douce, Jours Ouvrables'))}`,
      () =>
        random.pick(
          list(
            'Café Boréal, Nuit Américaine Club, Métro Lilas, Orage d’Été, Salle des Pas, Belle Époque Radio',
          ),
        ),
    ])(),
  title: frenchTitle,
};

const spanishTitle = inTwoParts(
  list(`La noche, El jardín, Mi corazón, La lluvia, El tren, Tu nombre, La ventana, El mar, Las calles, Una carta,
    El verano, La luna, Los pájaros, El silencio, Mi sombra, La fiesta, Un café, El camino, Tus ojos, La última vez`),
  list(`sin nombre, de cristal, en invierno, bajo la lluvia, de papel, a medianoche, sin ti, de los domingos,
    al otro lado, en llamas, de mi abuela, en blanco y negro, hasta mañana, junto al río, para nadie,
    en Veracruz, y nada más`),
);

export const spanish: Culture = {
  name: 'Spanish',
  weight: 28,
  homes: [
    ['ES', 'Sevilla', 'Barcelona', 'Madrid', 'Granada'],
    ['MX', 'Guadalajara', 'Oaxaca', 'Ciudad de México'],
    ['AR', 'Buenos Aires', 'Rosario'],
    ['CO', 'Medellín', 'Bogotá'],
    ['CL', 'Valparaíso'],
    ['UY', 'Montevideo'],
  ],
  genres: ['latin-pop', 'flamenco', 'reggae', 'folk', 'hip-hop', 'indie-rock'],
  labels: list('Discos Golondrina, Sur Profundo, Casa Limón, Ventana Norte, Mediodía'),
  person: named(
    'Itzel, Joaquín, Inés, Nahuel, Macarena, Íñigo, Ximena, Ramiro, Belén, Aurelio, Lucía, Tomás, Yolanda',
    'Peñaflor, Ríoseco, Montealegre, Salvatierra, Aguaclara, Doñana, Valdeluz, Cienfuentes, Nuñálvarez, Quintanilla-Sol',
  ),
  band: (random) =>
    random.pick([
      () =>
        `Los ${random.pick(list('Faroles, Inquilinos, Domingueros, Náufragos, Relojeros, Eléctricos'))} ${random.pick(list('del Sur, de Agosto, Tranquilos, de la Esquina, Perdidos'))}`,
      () =>
        random.pick(
          list('Corazón Portátil, Ciudad Pequeña, Mañana Nublada, Café Tacirupa, Niño Relámpago, Otra Marea'),
        ),
    ])(),
  title: spanishTitle,
};

const portugueseTitle = inTwoParts(
  list(`A noite, O mar, Meu coração, A chuva, O jardim, A saudade, Uma canção, O trem, As ruas, O verão, Teu sorriso,
    A janela, A última barca, O vento, Domingo, A lua, Um barco, O silêncio`),
  list(`de janeiro, sem fim, na varanda, de vidro, à beira-mar, de papel, em Lisboa, da minha avó,
    depois da chuva, sem você, ao meio-dia, no sertão, de outra vez, em câmera lenta, e mais nada, de manhã cedo`),
);

export const portuguese: Culture = {
  name: 'Portuguese',
  weight: 22,
  homes: [
    ['BR', 'Recife', 'São Paulo', 'Belo Horizonte', 'Salvador', 'Porto Alegre', 'Rio de Janeiro'],
    ['PT', 'Lisboa', 'Porto', 'Coimbra'],
    ['CV', 'Mindelo'],
  ],
  genres: ['bossa-nova', 'fado', 'latin-pop', 'funk', 'jazz'],
  labels: list('Selo Maré, Ladeira Discos, Bem-te-vi, Cais do Norte'),
  person: named(
    'Iracema, Caetana, Thiago, Flávia, Zé, Conceição, Raí, Luzia, Otávio, Jandira, Anaís, Simão',
    'Ribeira, Sant’Aurora, Valadão, Campos do Mar, Pitangueira, Assunção Lima, Madrugada, Falcão-Reis, Goiabeira, Moinho',
  ),
  band: (random) =>
    random.pick([
      () =>
        `${random.pick(list('Banda, Grupo, Conjunto, Bloco'))} ${random.pick(list('Maresia, Pé de Vento, Beija-Flor, Sol Nascente, Meia-Noite, Ladeira'))}`,
      () =>
        random.pick(
          list('Os Vizinhos do Mar, As Jangadeiras, Quintal Elétrico, Coração Tropical 77, Ondas Curtas'),
        ),
    ])(),
  title: portugueseTitle,
};

const italianTitle = inTwoParts(
  list(`La notte, Il mare, La luna, Il giardino, Una lettera, L’estate, La finestra, Il treno, Le stelle, Il silenzio,
    La pioggia, Un caffè, La città, Il vento, Le strade, Il mio cuore`),
  list(`di vetro, senza fine, d’inverno, di domenica, sotto la pioggia, a mezzanotte, di carta, senza di te,
    dall’altra parte, in bianco e nero, di mia madre, fino a domani, a Trieste, di nessuno`),
);

export const italian: Culture = {
  name: 'Italian',
  weight: 14,
  homes: [['IT', 'Bologna', 'Torino', 'Napoli', 'Trieste', 'Palermo', 'Roma']],
  genres: ['film-music', 'classical', 'pop', 'synthwave'],
  labels: list('Dischi Pellicano, Via Larga, Nota Blu Edizioni, Marea Alta'),
  person: named(
    'Ginevra, Corrado, Fiammetta, Saverio, Ottavia, Nicolò, Allegra, Tancredi, Marisa, Loris',
    'Bellarive, Montefosco, Acquaviva-Rossi, Fontanelle, Serafinelli, Valdombra, Chiarenza, Belcolore',
  ),
  band: (random) =>
    random.pick(
      list(
        'I Portatili, Cinema Adriatico, Gli Amici di Ugo, Tram Notturno, Le Domeniche, Orchestra da Balcone, Bar Sirena',
      ),
    ),
  title: italianTitle,
};
