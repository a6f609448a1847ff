package specimen

// style prints records in the way of a field, a publisher or a guide.
//
// In a template {X} is a field of the record: A authors, E editors, Y year, M
// date, T title, C container, V volume, I issue, P pages, PUB publisher, PL
// place, ED edition, S series, U address, DOI, ACC date of access, N number, G
// genre. What stands in [ ] is left out when one of its fields is missing, and
// <a|b> is one of the two. ⟦ and ⟧ print as brackets.
type style struct {
	name      string
	language  string // of most of its records; empty for any
	held      bool   // never trained on: for measuring
	names     []nameForm
	editors   []nameForm
	dates     []string // how {M} and {ACC} look: "January 2, 2006" as package time has it
	titleCase bool     // English titles have capitals
	numbered  []string // what may stand before: "[#] "
	templates map[kind][]string
}

// Styles are the names of all styles, and whether each is held out.
func Styles() map[string]bool {
	out := map[string]bool{}
	for _, one := range styles {
		out[one.name] = one.held
	}
	return out
}

// Templates is how many templates there are to train on and to measure with.
func Templates() (trained, held int) {
	for _, one := range styles {
		for _, list := range one.templates {
			if one.held {
				held += len(list)
			} else {
				trained += len(list)
			}
		}
	}
	return trained, held
}

var (
	apaNames       = "inverted|J. K.|, |, |, & |, & |20|, et al."
	apaOld         = "inverted|J. K.|, |, | & |, & |7|, … "
	straightFull   = "straight|full||, | and |, and |9| et al."
	straightSpaced = "straight|J. K.||, | and |, and |8| et al."
	vancouver      = "inverted|JK| |, |, |, |6|, et al"
	harvardNames   = "inverted|J.K.|, |, | and | and |8| et al."
	firstInverted  = "first|full|, |, |, and |, and |7|, et al."
	germanInverted = "inverted|full|, |; |; |; |5|; u. a."
	germanSlash    = "inverted|full|, |/|/|/|5| u. a."
	germanEditors  = "straight|full||, | und | und |3| u. a."
	doiEnds        = "[ <https://doi.org/{DOI}|doi:{DOI}|doi: {DOI}|DOI: {DOI}|https://doi.org/{DOI}.|http://dx.doi.org/{DOI}>][ {U}]"
)

var englishDates = []string{"January 2, 2006", "2 January 2006", "Jan. 2, 2006", "2006-01-02", "2 Jan 2006"}

var styles = []style{
	{
		name: "APA", names: forms(apaNames, apaNames, apaOld, "inverted|J. K.|, |, |, & |, & |7|, et al.", "inverted|full|, |, |, & |, & |20|, et al.", "inverted|J. K.|, |, | & |, & |3| et al."), editors: forms("straight|J. K.||, | & |, & |6|, et al."), dates: englishDates,
		templates: map[kind][]string{
			article:    {"{A} ({Y}). {T}. {C}[, {V}][({I})][, {P}]." + doiEnds, "{A}. ({Y}). {T}. {C}[, {V}][({I})][, {P}]." + doiEnds, "{A} ({M}). {T}. {C}[, {V}][({I})][, {P}]." + doiEnds, "{A} ({Y}). {T}. <({E}, Ed.)|>{C}[, {V}][({I})][, {P}]." + doiEnds},
			book:       {"{A} ({Y}). {T}[ ({ED:nd} ed.)][ (Vol. {V})]. [{PL}: ]{PUB}." + doiEnds, "{A}. ({Y}). {T}. {PUB}." + doiEnds, "{A} ({Y}). {T} ({TR}, Trans.). {PUB}." + doiEnds, "{A} ({Y}). {T} ({ED:word}< edition|>). {PUB}." + doiEnds, "{A} ({Y}). {T}[ ({ED:nd} ed.)]. [{PL}: ]{PUB}. ISBN<: | >{ISBN}"},
			edited:     {"{E} (<Ed.|Eds.>). ({Y}). {T}[ ({ED:nd} ed.)]. [{PL}: ]{PUB}." + doiEnds},
			chapter:    {"{A} ({Y}). {T}. In [{E} (<Ed.|Eds.>), ]{C}[ (pp. {P})]. [{PL}: ]{PUB}." + doiEnds, "{A}. ({Y}). {T}. In [{E} (<Ed.|Eds.>), ]{C} (<{ED:nd} ed., |>pp. {P}). {PUB}." + doiEnds, "{A} ({Y}). {T}. In [{E} (Eds.), ]{C} (Vol. {V}[, pp. {P}]). {PUB}." + doiEnds},
			conference: {"{A} ({Y}). {T}. <In |>{C}[, {P}]." + doiEnds, "{A} ({Y}, {M:month}). {T}. In {C}[ (pp. {P})].[ {PL}:][ {PUB}.]" + doiEnds, "{A}. ({Y}). {T}. In [{E} (Eds.), ]{C}[ (Vol. {V}, pp. {P})]. [{PUB}.]" + doiEnds},
			thesis:     {"{A} ({Y}). {T} ({G}). {PUB}[, {PL}].", "{A} ({Y}). {T} ⟦{G}, {PUB}⟧.[ {U}]"},
			report:     {"{A} ({Y}). {T}. {PL}.", "{A} ({Y}). {T} ({G} <No. |>{N}). {PUB}.[ {U}]", "{A}. ({Y}). {T}. {PUB}.[ <Retrieved from |>{U}]"},
			web:        {"{T}. ({Y}). [{C}. ]{U}", "{T}. ({Y}). [In {C}. ][{PUB}. ]{U}", "{A} ({M}). {T}. {C}. {U}", "{A} ({Y}). {T}. {PUB}. {U}", "{A} ({Y}). {T}. <Retrieved from |Available at |Retrieved {ACC}, from |>{U}", "{A}. ({M}). {T}. [{C}. ]{U}", "{A} (n.d.). {T}. [{C}. ]Retrieved {ACC}, from {U}", "{A} ({Y}). {T}. URL: {U}."},
			software:   {"{A} ({Y}). {T}[ (Version {ED})][ ⟦{G}⟧]. [{PUB}. ]{U}", "{A} ({Y}). {T} ⟦{G}⟧. [{PUB}. ]{U}", "{A}. ({Y}). {T}. [{PL}: ][{PUB}. ]<Retrieved from |>{U}", "{A} ({Y}). {T}[ (Version {ED})]. [{PUB}. ]https://doi.org/{DOI}"},
			preprint:   {"{A} ({Y}). {T}. {C}<:| >{N}.[ {U}]", "{A} ({Y}). {T}. {C}, arXiv:{N}. https://arxiv.org/abs/{N}", "{A}. {T}. {C}. {Y}:{N}.", "{A} ({Y}). {T} ({C}:{N}). {C}.[ https://doi.org/{DOI}]", "{A} ({Y}). {T}. {C}[. https://doi.org/{DOI}]", "{A} ({Y}). {T}. https://arxiv.org/abs/{N}"},
		},
	},
	{
		name: "APA in German", language: "de", names: forms("inverted|J. K.|, |, | & | & |7| et al.", "inverted|full|, |, | & | & |7| et al."), editors: forms("straight|J. K.||, | & | & |6| et al."), dates: []string{"02.01.2006", "2. January 2006"},
		templates: map[kind][]string{
			article: {"{A} ({Y}). {T}. {C}[, {V}][({I})][, {P}]." + doiEnds, "{A} ({Y}): {T}. In: {C}[ {V}][ ({I})][, S. {P}]." + doiEnds},
			book:    {"{A} ({Y}). {T}[ ({ED}. Aufl.)]. [{PL}: ]{PUB}.", "{A} ({Y}): {T}. [{ED}. Auflage. ]{PL}: {PUB}."},
			edited:  {"{E} (<Hrsg.|Hg.>). ({Y}). {T}[ ({ED}. Aufl.)]. [{PL}: ]{PUB}.", "{E} (<Hg.|Hrsg.>) ({Y}): {T}. {PL}: {PUB}."},
			chapter: {"{A} ({Y}). {T}. In [{E} (Hrsg.), ]{C}[ (S. {P})]. [{PL}: ]{PUB}.", "{A} ({Y}): {T}. In: [{E} (<Hg.|Hrsg.>): ]{C}. [{PL}: ]{PUB}[, S. {P}].", "{A} ({Y}): {T}, in: [{E} (<Hg.|Hrsg.>), ]{C}, [{PL}: ]{PUB}[, {P}]."},
			thesis:  {"{A} ({Y}). {T} ({G}). {PUB}[, {PL}]."},
			report:  {"{A} ({Y}). {T}. {PL}: {PUB}. Verfügbar unter {U}"},
			web:     {"{A} ({Y}). {T}. <Verfügbar unter |Abgerufen von |Abgerufen am {ACC} von |>{U}", "{A} ({Y}): {T}. Online: {U} (Zugriff: {ACC}).", "{A} ({Y}): {T}. {U} (abgerufen am {ACC})."},
		},
	},
	{
		name: "MLA", names: forms("first|full|, |, |, and |, and |2|, et al.", firstInverted), editors: forms(straightFull), dates: []string{"2 Jan. 2006", "Jan. 2006"}, titleCase: true,
		templates: map[kind][]string{
			article:    {"{A}. “{T}.” {C}[, vol. {V}][, no. {I}], {Y}[, pp. {P}].[ <doi:|https://doi.org/>{DOI}.]", "{A}. \"{T}.\" {C}[ {V}][.{I}] ({Y})[: {P}]. <Print.|Web.|>"},
			book:       {"{A}. {T}. [{ED:nd} ed., ]{PUB}, {Y}.", "{A}. {T}. {PL}: {PUB}, {Y}. Print.", "{A}. {T}. Rev. ed. {PUB}, {Y}.", "{A}. {T}. <Translated by|Trans.> {TR}, {PUB}, {Y}."},
			edited:     {"{E}, <editor|editors|eds>. {T}. {PUB}, {Y}."},
			chapter:    {"{A}. “{T}.” {C}[, edited by {E}], {PUB}, {Y}[, pp. {P}].", "{A}. \"{T}.\" {C}. [Ed. {E}. ]{PL}: {PUB}, {Y}. {P}. Print."},
			conference: {"{A}. “{T}.” {C}[, {PUB}], {Y}[, pp. {P}]."},
			thesis:     {"{A}. {T}. {Y}. {PUB}, {G}."},
			web:        {"{A}. “{T}.” [{C}, ]{M}, {U}.[ Accessed {ACC}.]", "“{T}.” {C}, {M}, {U}."},
		},
	},
	{
		name: "Chicago author-date", names: forms(firstInverted, "first|J. K.|, |, |, and |, and |7|, et al."), editors: forms(straightFull), dates: englishDates, titleCase: true,
		templates: map[kind][]string{
			article:    {"{A}. {Y}. “{T}.” {C}[ {V}][ ({I})][: {P}]." + doiEnds, "{A}. {Y}. \"{T}.\" {C}[ {V}][, no. {I}][: {P}]." + doiEnds},
			book:       {"{A}. {Y}. {T}. [{ED:nd} ed. ][Vol. {V}. ][{S}. ]{PL}: {PUB}.", "{A}. {Y}. {T}. Translated by {TR}. {PL}: {PUB}.", "{A}. {T}. Translated by {TR}. {PL}: {PUB}, {Y}.", "{A}. {T}. <Rev. ed.|Revised edition|Rev. and expanded ed.> {PL}: {PUB}, {Y}.", "{A}. {Y}. {T}. {PUB}."},
			edited:     {"{E}, <ed.|eds.> {Y}. {T}. {PL}: {PUB}."},
			chapter:    {"{A}. {Y}. “{T}.” In {C}[, edited by {E}][, {P}]. [{PL}: ]{PUB}."},
			conference: {"{A}. {Y}. “{T}.” In {C}[, {P}]. [{PL}: ][{PUB}.]"},
			thesis:     {"{A}. {Y}. “{T}.” {G}, {PUB}."},
			report:     {"{A}. {Y}. {T}. {G} {N}. {PL}: {PUB}."},
			web:        {"{A}. {Y}. “{T}.” [{C}. ][Accessed {ACC}. ]{U}."},
			software:   {"{A}. {Y}. {T}[ (version {ED})]. [{PUB}. ]{U}."},
			preprint:   {"{A}. {Y}. “{T}.” {G}, {C}, {M}.[ https://doi.org/{DOI}.]", "{A}. {Y}. “{T}.” {C}:{N}."},
		},
	},
	{
		name: "Chicago notes", names: forms(straightFull), editors: forms(straightFull), dates: []string{"January 2, 2006", "January 2006"}, titleCase: true, numbered: []string{"# ", "#. ", "#"},
		templates: map[kind][]string{
			article: {"{A}, “{T},” {C}[ {V}][, no. {I}] ({Y})[: {P}][, https://doi.org/{DOI}].", "{A}, “{T},” {C}[ {V}] ({M})[: {P}]."},
			book:    {"{A}, {T}[, {ED:nd} ed.] ({PL}: {PUB}, {Y})[, {P}].", "{A}, {T} ({PUB}, {Y})."},
			edited:  {"{E}, <ed.|eds.>, {T} ({PL}: {PUB}, {Y})."},
			chapter: {"{A}, “{T},” in {C}[, ed. {E}] ({PL}: {PUB}, {Y})[, {P}]."},
			thesis:  {"{A}, “{T}” ({G}, {PUB}, {Y})."},
			web:     {"{A}, “{T},” [{C}, ]{M}, {U}.", "{A}, “{T},” [{C}, ]accessed {ACC}, {U}."},
		},
	},
	{
		name: "Chicago bibliography", held: true, names: forms(firstInverted), editors: forms(straightFull), dates: []string{"January 2, 2006"}, titleCase: true,
		templates: map[kind][]string{
			article: {"{A}. “{T}.” {C}[ {V}][, no. {I}] ({Y})[: {P}].[ https://doi.org/{DOI}.]"},
			book:    {"{A}. {T}. [{ED:nd} ed. ]{PL}: {PUB}, {Y}."},
			edited:  {"{E}, <ed.|eds.> {T}. {PL}: {PUB}, {Y}."},
			chapter: {"{A}. “{T}.” In {C}[, edited by {E}][, {P}]. {PL}: {PUB}, {Y}."},
			thesis:  {"{A}. “{T}.” {G}, {PUB}, {Y}."},
			web:     {"{A}. “{T}.” [{C}. ]{M}. {U}."},
		},
	},
	{
		name: "IEEE", names: forms(straightSpaced, "straight|J. K.||, | and |, and |6|, et al."), editors: forms("straight|J. K.||, | and |, and |6| et al."), dates: []string{"Jan. 2006", "Jan. 2, 2006"}, titleCase: false, numbered: []string{"[#] ", "[#] ", "#. ", ""},
		templates: map[kind][]string{
			article:    {"{A}, “{T},” {C}[, vol. {V}][, no. {I}][, pp. {P}], <{M}|{Y}>[, doi: {DOI}].", "{A}, “{T},” {C}[, vol. {V}][, no. {I}][, p. {P}], {Y}."},
			book:       {"{A}, {T}[, {ED:nd} ed.]. {PL}: {PUB}, {Y}.", "{A}, {T}[, vol. {V}]. {PUB}, {Y}."},
			edited:     {"{E}, <Ed.|Eds.>, {T}. {PL}: {PUB}, {Y}."},
			chapter:    {"{A}, “{T},” in {C}[, {E}, Eds.]. {PL}: {PUB}, {Y}[, pp. {P}].", "{A}, “{T},” in {C}[, ser. {S}][, {E}, Eds.], vol. {V}. {PUB}, {Y}[, pp. {P}]."},
			conference: {"{A}, “{T},” in {C}[, {PL}], {Y}[, pp. {P}].", "{A}, “{T},” in {C}. {PUB}, {Y}[, pp. {P}].", "{A}, “{T},” in {C}[, ser. {S}][, vol. {V}], {Y}[, pp. {P}][, doi: {DOI}]."},
			thesis:     {"{A}, “{T},” {G}, {PUB}[, {PL}], {Y}."},
			report:     {"{A}, “{T},” {PUB}[, {PL}], {G} {N}, {Y}."},
			web:        {"{A}. “{T}.” [{C}. ]<⟦Online⟧. |>Available: {U}[ (accessed {ACC})]", "{A}, “{T},” {Y}. ⟦Online⟧. Available: {U}. ⟦Accessed: {ACC}⟧."},
			software:   {"{A}, “{T},” {Y}. ⟦Online⟧. Available: {U}", "{A}, {T}[, version {ED}]. ({Y}).[ {PUB}.] {U}"},
			preprint:   {"{A}, “{T},” {C} <arXiv:|>{N}, {Y}.", "{A}, “{T},” {Y}, {C}:{N}."},
		},
	},
	{
		name: "Vancouver", names: forms(vancouver, "inverted|JK| |, |, |, |3|, et al.", "inverted|JK| |, |, |, |30|, et al."), editors: forms("inverted|JK| |, |, |, |6|, et al"), dates: []string{"2006 Jan 2", "2006 Jan"}, numbered: []string{"#. ", "[#] ", "", "# "},
		templates: map[kind][]string{
			article:    {"{A}. {T}. {C}. {Y}[;{V}][({I})][:{P}].[ doi: {DOI}.]", "{A}. {T}. {C}. {M}[;{V}][({I})][:{P}].", "{A}. {T}. {C} {Y}[; {V}][({I})][: {P}].", "{A}. {T}. {C}. {Y}. {V}[({I})][: {P}].[ {DOI}]", "{A}: {T}. {C} {Y}[, {V}][({I})][:{P}]."},
			book:       {"{A}. {T}. [{ED:nd} ed. ]{PL}: {PUB}; {Y}.", "{A}. {T}. {PUB}; {Y}."},
			edited:     {"{E}, <editor|editors>. {T}. {PL}: {PUB}; {Y}."},
			chapter:    {"{A}. {T}. In: [{E}, <editor|editors>. ]{C}. [{ED:nd} ed. ]{PL}: {PUB}; {Y}.[ p. {P}.]", "{A}: {T}. In {C}. [Edited by {E}. ]{PL}: {PUB}; {Y}[:{P}]."},
			conference: {"{A}. {T}. In: {C}. [{PL}: ][{PUB}; ]{Y}.[ p. {P}.]"},
			thesis:     {"{A}. {T} ⟦{G}⟧. [{PL}: ]{PUB}; {Y}."},
			report:     {"{A}. {T}. {PL}: {PUB}; {Y}. <Report No.: |>{N}."},
			web:        {"{A}. {T} ⟦Internet⟧. {Y}[ ⟦cited {ACC}⟧]. Available from: {U}", "{A}. {T}. {U}. Accessed {ACC}."},
			software:   {"{A}. {T}[. Version {ED}]. [{PUB}; ]{Y}. {U}"},
			preprint:   {"{A}. {T}. {C} ⟦{G}⟧. {Y}.[ doi: {DOI}]"},
		},
	},
	{
		name: "AMA", held: true, names: forms("inverted|JK| |, |, |, |6|, et al."), editors: forms("inverted|JK| |, |, |, |6|, et al."), dates: []string{"January 2, 2006"}, numbered: []string{"#. "},
		templates: map[kind][]string{
			article: {"{A}. {T}. {C}. {Y}[;{V}][({I})][:{P}].[ doi:{DOI}]"},
			book:    {"{A}. {T}. [{ED:nd} ed. ]{PL}: {PUB}; {Y}."},
			chapter: {"{A}. {T}. In: [{E}, eds. ]{C}. {PL}: {PUB}; {Y}[:{P}]."},
			web:     {"{A}. {T}. [{C}. ]Published {M}. Accessed {ACC}. {U}"},
		},
	},
	{
		name: "Harvard", names: forms(harvardNames, "inverted|J.|, |, | and | and |3| et al.", "inverted|J. K.|, |, | & | & |5| et al."), editors: forms("inverted|J.K.|, |, | and | and |4| et al."), dates: []string{"2 January 2006", "January 2"},
		templates: map[kind][]string{
			article:    {"{A} ({Y}) ‘{T}’, {C}[, {V}][({I})][, pp. {P}].[ doi: {DOI}.]", "{A} ({Y}) {T}. {C}[ {V}][({I})][: {P}].", "{A} {Y}, ‘{T}’, {C}[, vol. {V}][, no. {I}][, pp. {P}].", "{A}, {Y}. {T}. {C}[, {V}][({I})][, pp.{P}]."},
			book:       {"{A} ({Y}) {T}. [{ED:nd} edn. ]{PL}: {PUB}.", "{A}, {Y}. {T}. {PL}: {PUB}.", "{A} {Y}, {T}, [{ED:nd} edn, ]{PUB}, {PL}."},
			edited:     {"{E} (<ed.|eds|eds.>) ({Y}) {T}. {PL}: {PUB}."},
			chapter:    {"{A} ({Y}) ‘{T}’, in [{E} (<ed.|eds|eds.>) ]{C}. {PL}: {PUB}[, pp. {P}].", "{A}, {Y}. {T}. In: [{E}, eds. ]{C}. {PL}: {PUB}[, pp.{P}]."},
			conference: {"{A} ({Y}) ‘{T}’, in {C}. [{PL}: ][{PUB}][, pp. {P}].", "{A}, {Y}. {T}. In {C} (pp. {P}). [{PUB}.]"},
			thesis:     {"{A} ({Y}) {T}. {G}. {PUB}."},
			report:     {"{A} ({Y}) {T}. {PL}: {PUB}. Available at: {U} (Accessed: {ACC})."},
			web:        {"{A} ({Y}) {T}. Available at: {U} (Accessed: {ACC}).", "{A}, {Y}. {T}. ⟦online⟧ Available at: <{U}|{U}> ⟦Accessed {ACC}⟧."},
		},
	},
	{
		name: "Elsevier", names: forms("straight|J.K.||, |, |, |10|, et al.", "inverted|J.K.|, |, |, |, |10|, et al."), editors: forms("straight|J.K.||, |, |, |5|, et al."), dates: englishDates, numbered: []string{"[#] ", "", "[#] "},
		templates: map[kind][]string{
			article:    {"{A}, {T}, {C}[ {V}][ ({I})] ({Y})[ {P}].[ https://doi.org/{DOI}.]", "{A}, {Y}. {T}. {C}[ {V}][ ({I})][, {P}].[ https://doi.org/{DOI}]", "{A} ({Y}). {T}. {C}[, {V}][, {P}]."},
			book:       {"{A}, {T}[, {ED:nd} ed.], {PUB}[, {PL}], {Y}.", "{A}, {Y}. {T}. {PUB}[, {PL}]."},
			chapter:    {"{A}, {T}, in: [{E} (Eds.), ]{C}, {PUB}[, {PL}], {Y}[, pp. {P}].", "{A}, {Y}. {T}, in: [{E} (Eds.), ]{C}. {PUB}[, {PL}][, pp. {P}]."},
			conference: {"{A}, {T}, in: {C}[, {PUB}], {Y}[, pp. {P}]."},
			thesis:     {"{A}, {T}, {G}, {PUB}, {Y}."},
			web:        {"{A}, {T}. {U}, {Y} (accessed {ACC})."},
			software:   {"{A}, {Y}. {T}. {U}."},
			preprint:   {"{A}, {T}, {C} {G} {C}:{N} ({Y})."},
		},
	},
	{
		name: "Springer", names: forms("inverted|JK| |, |, |, |10|, et al.", "inverted|J.K.|, |, |, |, |10|, et al.", "inverted|J|, |, |, |, |10| et al"), editors: forms("inverted|JK| |, |, |, |5|", "inverted|J.K.|, |, |, |, |5|"), dates: englishDates, numbered: []string{"#. ", "", "[#] "},
		templates: map[kind][]string{
			article:    {"{A} ({Y}) {T}. {C}[ {V}][({I})][:{P}].[ https://doi.org/{DOI}]", "{A}: {T}. {C}[. {V}][({I})][, {P}] ({Y}).[ https://doi.org/{DOI}]", "{A}: {T}. {C}[ {V}][({I})][, {P}] ({Y})"},
			book:       {"{A} ({Y}) {T}[, {ED:nd} edn]. {PUB}[, {PL}]", "{A}: {T}. [{S}, ][vol. {V}. ]{PUB}[, {PL}] ({Y})"},
			edited:     {"{E} (<ed|eds>) ({Y}) {T}. {PUB}[, {PL}]", "{E} (<ed.|eds.>): {T}. {PUB}, {PL} ({Y})"},
			chapter:    {"{A} ({Y}) {T}. In: [{E} (<ed|eds>) ]{C}. {PUB}[, {PL}][, pp {P}]", "{A}: {T}. In: [{E} (eds.) ]{C}[. {S}][, vol. {V}][, pp. {P}]. {PUB}[, {PL}] ({Y})"},
			conference: {"{A}: {T}. In: [{E} (eds.) ]{C}[. {S}][, vol. {V}][, pp. {P}]. [{PUB}][, {PL}] ({Y}).[ https://doi.org/{DOI}]"},
			thesis:     {"{A} ({Y}) {T}. {G}, {PUB}", "{A}: {T}. {G}, {PUB} ({Y})"},
			web:        {"{A} ({Y}) {T}. {U}. Accessed {ACC}", "{A}: {T}. {U}"},
			preprint:   {"{A}: {T}. {C} {G} {C}:{N} ({Y})", "{A} ({Y}) {T}. {C}:{N}"},
		},
	},
	{
		name: "Nature", held: true, names: forms("inverted|J. K.|, |, | & | & |5| et al."), editors: forms("inverted|J. K.|, |, | & | & |4| et al."), numbered: []string{"#. "}, dates: englishDates,
		templates: map[kind][]string{
			article:    {"{A}. {T}. {C}[ {V}][, {P}] ({Y}).[ https://doi.org/{DOI}]"},
			book:       {"{A}. {T} ({PUB}[, {PL}], {Y})."},
			chapter:    {"{A}. {T}. in {C}[ (eds {E})][ {P}] ({PUB}[, {PL}], {Y})."},
			conference: {"{A}. {T}. In {C}[ {P}] ({PUB}, {Y})."},
			preprint:   {"{A}. {T}. Preprint at https://arxiv.org/abs/{N} ({Y})."},
		},
	},
	{
		name: "Science", names: forms("straight|J. K.||, |, |, |5|, et al.", "straight|J. K.||, |, |, |1| et al."), editors: forms("straight|J. K.||, |, |, |4|"), numbered: []string{"#. ", "# "}, dates: englishDates,
		templates: map[kind][]string{
			article: {"{A}, {T}. {C}[ {V}][, {P}] ({Y}).", "{A}, {C}[ {V}][, {P}] ({Y}).", "{A}, {T}. {C} {V}[, {P}] ({Y}).[ doi:{DOI}]"},
			book:    {"{A}, {T} ({PUB}[, {PL}][, ed. {ED}], {Y})."},
			chapter: {"{A}, “{T}” in {C}[, {E}, Eds.] ({PUB}, {Y})[, pp. {P}]."},
			thesis:  {"{A}, “{T},” {G}, {PUB}[, {PL}] ({Y})."},
		},
	},
	{
		name: "ACM", names: forms("straight|full||, | and |, and |12| et al."), editors: forms(straightFull), titleCase: false, numbered: []string{"[#] ", "[#] ", ""}, dates: []string{"January 2006", "Jan. 2006"},
		templates: map[kind][]string{
			article:    {"{A}. {Y}. {T}. {C}[ {V}][, {I}] <({M})|({Y})>[, {P}].[ https://doi.org/{DOI}]", "{A}. {Y}. {T}. {C}[ {V}][, {I}][ ({Y:paren})][, {P}].[ DOI:https://doi.org/{DOI}]"},
			book:       {"{A}. {Y}. {T}[ ({ED:nd} ed.)]. {PUB}[, {PL}]."},
			edited:     {"{E} (<Ed.|Eds.>). {Y}. {T}. {PUB}[, {PL}]."},
			chapter:    {"{A}. {Y}. {T}. In {C}[, {E} (Eds.)]. {PUB}[, {PL}][, {P}]."},
			conference: {"{A}. {Y}. {T}. In {C}. [{PUB}, ][{PL}, ]{P}.[ https://doi.org/{DOI}]", "{A}. {Y}. {T}. In {C} (<{S}|>). {PUB}[, {PL}][, {P}]."},
			thesis:     {"{A}. {Y}. {T}. {G}. {PUB}."},
			report:     {"{A}. {Y}. {T}. {G} {N}. {PUB}."},
			web:        {"{A}. {Y}. {T}. Retrieved {ACC} from {U}", "{A}. {Y}. {T}. {U}"},
			software:   {"{A}. {Y}. {T}. [{PUB}. ]{U}"},
			preprint:   {"{A}. {Y}. {T}. {C}:{N}", "{A}. {Y}. {T}. {C} preprint {C}:{N} ({Y:paren})."},
		},
	},
	{
		name: "ACM numbered capitals", names: forms("inverted|J. K.|, |, |, and |, and |12|, et al.|caps", "inverted|J.|, |, | and |, and |12|, et al.|caps", "inverted|J.K.|, |, |, |, |12| et al.|caps"), editors: forms(straightSpaced), numbered: []string{"[#] ", "#. "}, dates: englishDates,
		templates: map[kind][]string{
			article:    {"{A}. {T}. {C}[ {V}][, {I}] ({Y})[, {P}]."},
			book:       {"{A}. {T}[, {ED:nd} ed.]. {PUB}[, {PL}], {Y}."},
			conference: {"{A}. {T}. In {C} ({Y})[, pp. {P}].", "{A}. {T}. In {C} ({PL}, {Y})[, {E}, Eds.][, {PUB}][, pp. {P}]."},
			thesis:     {"{A}. {T}. {G}, {PUB}, {Y}."},
		},
	},
	{
		name: "plain BibTeX", names: forms("straight|undotted||, | and |, and |12| et al.", "straight|full||, | and |, and |12| et al.", straightSpaced, "straight|J.K.||, | and |, and |12| et al."), editors: forms(straightFull), numbered: []string{"[#] ", "[#] ", ""}, dates: []string{"January 2006", "Jan. 2006"},
		templates: map[kind][]string{
			article:    {"{A}. {T}. {C}[, {V}][({I})][:{P}], <{M}|{Y}>.[ doi: {DOI}.]", "{A}. {T}. {C}[, {V}][:{P}], {Y}.[ URL {U}.]"},
			book:       {"{A}. {T}. {PUB}[, {PL}][, {ED:word} edition], {Y}.", "{A}. {T}[, volume {V} of {S}]. {PUB}, {Y}."},
			edited:     {"{E}, <editor|editors>. {T}. {PUB}[, {PL}], {Y}."},
			chapter:    {"{A}. {T}. In [{E}, <editor|editors>, ]{C}[, pages {P}]. {PUB}[, {PL}], {Y}."},
			conference: {"{A}. {T}. In {C}[, volume {V} of {S}][, pages {P}][, {PL}], {Y}. [{PUB}.]", "{A}. {T}. In [{E}, editors, ]{C}[, volume {V}][, pages {P}]. {PUB}, {Y}.", "{A}. {T}. In {C}, {Y}."},
			thesis:     {"{A}. {T}. {G}, {PUB}[, {PL}], <{M}|{Y}>."},
			report:     {"{A}. {T}. {G} {N}, {PUB}[, {PL}], {Y}.", "{A}. {T}. RFC {N}, {PUB}, {M}."},
			web:        {"{A}. {T}. {U}, {Y}.", "{A}. {T}, {Y}. URL {U}.[ Accessed: {ACC}.]"},
			software:   {"{A}. {T}, {Y}. URL {U}.[ {G} version {ED}.]"},
			preprint:   {"{A}. {T}. {C} preprint {C}:{N}, {Y}.", "{A}. {T}, {Y}. {C}:{N}."},
		},
	},
	{
		name: "natbib", held: true, names: forms(straightSpaced, "straight|full||, | and |, and |12| et al."), editors: forms(straightSpaced), dates: []string{"January 2006"},
		templates: map[kind][]string{
			article:    {"{A} ({Y}). {T}. {C} {V}[({I})][, {P}].", "{A}, {T}, {C}[, {V}] ({Y})[, pp. {P}]."},
			book:       {"{A} ({Y}). {T}[ ({ED:nd} ed.)]. {PUB}[, {PL}]."},
			chapter:    {"{A} ({Y}). {T}. In [{E} (Eds.), ]{C}[, pp. {P}]. {PUB}."},
			conference: {"{A} ({Y}). {T}. In {C}[, pp. {P}]."},
			thesis:     {"{A} ({Y}). {T}. {G}, {PUB}."},
		},
	},
	{
		name: "AMS", names: forms("straight|full||, | and |, and |8| et al.", straightSpaced, "straight|J.K.||, | and | and |8| et al."), editors: forms(straightSpaced), numbered: []string{"[#] ", "#. ", "[A#] "}, dates: englishDates,
		templates: map[kind][]string{
			article:    {"{A}, {T}, {C}[ {V}] ({Y})[, no. {I}][, {P}].", "{A}, {T}, {C} {V}[:{I}] ({Y})[, {P}]."},
			book:       {"{A}, {T}[, {ED:nd} ed.][, {S}], {PUB}, {PL}, {Y}.", "{A}. {T}, volume {V} of {S}. {PUB}, {Y}."},
			chapter:    {"{A}, {T}, {C}[ ({E}, eds.)], {PUB}[, {PL}], {Y}[, pp. {P}]."},
			conference: {"{A}, {T}, in {C}[ ({PL}, {Y:paren})], {PUB}, {Y}[, pp. {P}]."},
			thesis:     {"{A}, {T}, {G}, {PUB}, {Y}."},
			preprint:   {"{A}, {T}, {C}:{N}, {Y}.", "{A}, {T}, {G}, {C}:{N} ({Y})."},
		},
	},
	{
		name: "ACS", names: forms("inverted|J. K.|, |; |; |; |12|; et al.", "inverted|J.K.|, |; |; |; |12|; et al."), editors: forms("inverted|J. K.|, |; |; |; |5|"), numbered: []string{"(#) ", "[#] ", "#. "}, dates: englishDates, titleCase: true,
		templates: map[kind][]string{
			article: {"{A} {T}. {C} {Y}[, {V}][ ({I})][, {P}].[ https://doi.org/{DOI}.]", "{A} {C} {Y}[, {V}][, {P}].", "{A}. {T}. {C}. {Y}[, {V}][, {P}]."},
			book:    {"{A} {T}[, {ED:nd} ed.]; {PUB}: {PL}, {Y}."},
			chapter: {"{A} {T}. In {C}[; {E}, Eds.]; {PUB}: {PL}, {Y}[; pp {P}]."},
			thesis:  {"{A} {T}. {G}, {PUB}[, {PL}], {Y}."},
		},
	},
	{
		name: "physics", names: forms("straight|J. K.||, | and |, and |8| et al.", "straight|J.K.||, |, | and |8| et al.", "inverted|J. K.|, |, |, |, |8| et al."), editors: forms("straight|J. K.||, | and | and |4|"), numbered: []string{"[#] ", "# ", ""}, dates: englishDates,
		templates: map[kind][]string{
			article:  {"{A}, {C}[ {V}][, {P}] ({Y}).", "{A}, {T}, {C}[ {V}][, {P}] ({Y})[, {C:arxiv}].", "{A}, “{T},” {C}[ {V}][, {P}] ({Y}).", "{A} {Y}, {C}[, {V}][, {P}]", "{A}, {Y}, {T}, {C}[, {V}][, {P}]"},
			book:     {"{A}, {T} ({PUB}[, {PL}], {Y})."},
			chapter:  {"{A}, in {C}[, edited by {E}] ({PUB}[, {PL}], {Y})[, p. {P}]."},
			preprint: {"{A}, {T} ({Y}), {C}:{N}.", "{A}, {C}:{N}.", "{A}, {T}, {C} e-prints, {C}:{N} ({Y})."},
		},
	},
	{
		name: "DIN ISO 690", language: "de", names: forms("inverted|full|, |; |; |; |4|; u.a.|caps", "inverted|full|, |, | und | und |4| u. a.|caps", "inverted|full|, |; |; |; |4| et al."), editors: forms("inverted|full|, |; |; |; |3| u. a.", "straight|full||, | und | und |3| u. a."), numbered: []string{"", "", "[#] "}, dates: []string{"02.01.2006", "2006-01-02"},
		templates: map[kind][]string{
			article: {"{A}. {T}. In: {C}. {Y}[, {V}][({I})][, S. {P}].", "{A}: {T}. In: {C}[ {V}] ({Y})[, Nr. {I}][, S. {P}].[ – DOI {DOI}]", "{A}, {Y}. {T}. {C}. {V}[({I})][, {P}]."},
			book:    {"{A}. {T}. [{ED}. Aufl. ]{PL}: {PUB}, {Y}.", "{A}: {T}. {ED}. Aufl. {PL} : {PUB}, {Y}.[ – ISBN {ISBN}]", "{A}, {Y}. {T}. {PL}: {PUB}."},
			edited:  {"{E} (Hrsg.): {T}. {PL} : {PUB}, {Y}."},
			chapter: {"{A}: {T}. In: [{E} (Hrsg.): ]{C}. {PL} : {PUB}, {Y}[, S. {P}].", "{A}, {Y}. {T}. In: [{E}, Hrsg. ]{C}. {PL}: {PUB}[, S. {P}]."},
			thesis:  {"{A}: {T}. {PL}, {PUB}, {G}, {Y}."},
			web:     {"{A}: {T}. URL {U}. – Abruf: {ACC}", "{A}. {T} ⟦online⟧. {Y}[ ⟦Zugriff am: {ACC}⟧]. Verfügbar unter: {U}"},
		},
	},
	{
		name: "German humanities", language: "de", names: forms(germanInverted, germanSlash, "straight|full||, | und | und |4| u. a.", "straight|full||/|/|/|4| u. a."), editors: forms(germanEditors, germanSlash), numbered: []string{"", "", "# ", "#. "}, dates: []string{"02.01.2006", "2.1.2006"},
		templates: map[kind][]string{
			article: {"{A}: {T}, in: {C}[ {V}][/{I}] ({Y})[, S. {P}].", "{A}: {T}. In: {C}[, Jg. {V}][, H. {I}], {Y}[, S. {P}].", "{A}, {T}, in: {C}[ {V}] ({Y})[, {P}].", "{A}: „{T}“, in: {C}[ {V}][, Heft {I}] ({Y})[, S. {P}].", "{A}: {T}. {C} {V}, {Y}, {P}."},
			book:    {"{A}: {T}, [{ED}. Aufl., ]{PL}: {PUB} {Y}.", "{A}: {T}. {PL} {Y}.", "{A}, {T}, <übers. von|aus dem Englischen von|übers. v.> {TR}, {PL} {Y}.", "{A}: {T}. <Übers. v.|Aus dem Französischen von|Übersetzt von> {TR}. {PL}: {PUB} {Y}.", "{A}: {T}. {ED}. Aufl. {PL}: {PUB}, {Y}.", "{A}, {T}, {ED}., <rev.|überarb.|erw.|durchges.> Aufl., {PL} {Y}.", "{A}: {T}. {PL}: {PUB}, {Y}.", "{A}: {T}[, Bd. {V}], {PL} {Y}.", "{A}, {T}, {PL} {Y}.", "{A}: {T}. {PL}: {PUB}, {Y}[ (= {S})].", "{A}: {T} ({S}), {PL} {Y}."},
			edited:  {"{E} (<Hg.|Hrsg.|Hgg.>): {T}. {PL}: {PUB} {Y}.", "{E} (Hrsg.), {T}, {PL} {Y}."},
			chapter: {"{A}: {T}, in: <ders.|dies.|Ders.>: {C}[, Bd. {V}], {PL}: {PUB} {Y}[, S. {P}].", "{A}: {T}, in: [{E} (<Hg.|Hrsg.>): ]{C}, {PL}: {PUB} {Y}[, S. {P}].", "{A}: {T}. In: {C}. [<Hg.|Hrsg.> v. {E}. ]{PL} {Y}[, S. {P}].", "{A}, {T}, in: [{E} (Hg.), ]{C}, {PL} {Y}[, {P}].", "{A}: „{T}“, in: {C}[, hg. von {E}], {PL}: {PUB} {Y}[, S. {P}].", "{A}: {T}. In: {C}[. Bd. {V}]. [Hrsg. von {E}. ]{PL}: {PUB} {Y}[, S. {P}]."},
			thesis:  {"{A}: {T}, {G} {PUB} {Y}.", "{A}: {T}. {G}, {PL} {Y}."},
			web:     {"{A}: {T}, {M}, {U} (abgerufen am {ACC}).", "{A}: {T}. {U} (Stand: {ACC})."},
		},
	},
	{
		name: "German humanities, held", held: true, language: "de", names: forms("inverted|full|, |; |; |; |4|; u. a.", "straight|full||, | und | und |3| u. a."), editors: forms(germanEditors), dates: []string{"2. January 2006"},
		templates: map[kind][]string{
			article: {"{A}, „{T}“, {C}[ {V}][.{I}] ({Y})[, S. {P}].", "{A}: {T}. In: {C}[ {V}] ({Y})[ H. {I}][, S. {P}]."},
			book:    {"{A}, {T}. {PL}: {PUB}, {Y}.", "{A}: {T}. [{ED}. Aufl. ]{PL}: {PUB} {Y}."},
			edited:  {"{E} (Hg.), {T}. {PL}: {PUB}, {Y}."},
			chapter: {"{A}, „{T}“, in: [{E} (Hg.), ]{C}. {PL}: {PUB}, {Y}[, S. {P}].", "{A}: {T}. In: [{E} (Hrsg.): ]{C}. {PL}: {PUB} {Y}[, S. {P}]."},
		},
	},
	{
		name: "German social sciences", language: "de", names: forms("inverted|full|, |/|/|/|5| et al.", "inverted|full|, |; |; |; |4| et al."), editors: forms("inverted|full|, |/|/|/|4| et al.", germanEditors), dates: []string{"02.01.2006", "2. January 2006"},
		templates: map[kind][]string{
			article: {"{A} ({Y}): {T}. In: {C}, {V}[ ({I})][, S. {P}].", "{A}, {Y}: {T}. {C} {V}[: {P}].", "{A} ({Y}): {T}, in: {C}[, {V}. Jg.][, Heft {I}][, S. {P}]."},
			book:    {"{A} ({Y}): {T}. {PL}: {PUB}.", "{A}, {Y}: {T}. {PL}: {PUB}.", "{A} ({Y}): {T}, [{ED}. Auflage, ]{PL}."},
			edited:  {"{E} (Hg.) ({Y}): {T}. {PL}: {PUB}."},
			chapter: {"{A} ({Y}): {T}. In: [{E} (Hg.): ]{C}. {PL}: {PUB}[, S. {P}].", "{A}, {Y}: {T}. S. {P} in: [{E} (Hrsg.), ]{C}. {PL}: {PUB}."},
			report:  {"{A} ({Y}): {T}. {PL}."},
			web:     {"{A} ({Y}): {T}. URL: {U} (letzter Zugriff: {ACC})."},
		},
	},
	{
		name: "French", language: "fr", names: forms("inverted|full|, |, | et | et |4| et al.|caps", "straight|full||, | et | et |4| et al.", "inverted|J.|, |, | et | et |4| et al.", "inverted|full| |, | et | et |4| et al.|caps", "inverted|J.| |, | et | et |4| et al.", "inverted|J. K.| |, |, |, |6| et al."), editors: forms("straight|full||, | et | et |3|"), numbered: []string{"", "", "#. "}, dates: []string{"02/01/2006", "2 January 2006"},
		templates: map[kind][]string{
			article: {"{A}, « {T} », {C}[, vol. {V}][, n° {I}], {Y}[, p. {P}].", "{A} ({Y}), « {T} », {C}[, {V}][({I})][, p. {P}].", "{A}, {Y}, « {T} », {C}[, vol. {V}][, n° {I}][, pp. {P}]."},
			book:    {"{A}, {T}, {PL}, {PUB}, {Y}.", "{A} ({Y}), {T}, {PL}, {PUB}.", "{A}. {T}. {PL} : {PUB}, {Y}."},
			edited:  {"{E} (<dir.|éd.|éds>), {T}, {PL}, {PUB}, {Y}."},
			chapter: {"{A}, « {T} », <in|dans> [{E} (<dir.|éd.>), ]{C}, {PL}, {PUB}, {Y}[, p. {P}].", "{A} ({Y}), « {T} », in [{E} (dir.), ]{C}, {PL}, {PUB}[, pp. {P}]."},
			thesis:  {"{A}, {T}, {G}, {PUB}, {Y}."},
			web:     {"{A}, « {T} », {Y}, URL : {U} (consulté le {ACC}).", "{A} ({Y}). {T}. {U}"},
		},
	},
	{
		name: "Spanish", language: "es", names: forms("inverted|full|, |, | y | y |4| et al.|caps", "inverted|J.|, |, | y | y |5| et al.", "inverted|full|, |; |; |; |4| et al.", "inverted|J. K.|, |, | & | & |5| et al."), editors: forms("straight|full||, | y | y |3|", "straight|J.||, | y | y |3|"), dates: []string{"2 de January de 2006", "02/01/2006"},
		templates: map[kind][]string{
			article: {"{A}, «{T}», {C}[, {V}][, {I}] ({Y})[, pp. {P}].", "{A} ({Y}). {T}. {C}[, {V}][({I})][, {P}].", "{A} ({Y}): “{T}”, {C}[, vol. {V}][, núm. {I}][, pp. {P}]."},
			book:    {"{A}, {T}, {PL}, {PUB}, {Y}.", "{A} ({Y}). {T}. {PL}: {PUB}.", "{A}, {T}, [trad. {TR}, ]{PL}, {PUB}, {Y}.", "{A} ({Y}): {T}, {PL}, {PUB}."},
			edited:  {"{E} (<ed.|eds.|coord.|coords.>), {T}, {PL}, {PUB}, {Y}."},
			chapter: {"{A}, «{T}», en [{E} (<ed.|eds.|coord.>), ]{C}, {PL}, {PUB}, {Y}[, pp. {P}].", "{A} ({Y}). {T}. En [{E} (Eds.), ]{C}[ (pp. {P})]. {PL}: {PUB}."},
			thesis:  {"{A} ({Y}). {T}. {G}. {PUB}."},
			web:     {"{A} ({Y}). {T}. Recuperado de {U}", "{A} ({Y}). {T}. Disponible en: {U} ⟦consultado el {ACC}⟧."},
		},
	},
	{
		name: "GOST", language: "ru", names: forms("inverted|J. K.| |, |, |, |4| и др.", "inverted|J.K.| |, |, |, |4| и др."), editors: forms("straight|J. K.||, |, |, |3|"), numbered: []string{"", "#. ", "[#] "}, dates: []string{"02.01.2006"},
		templates: map[kind][]string{
			article: {"{A} {T} // {C}. {Y}.[ Т. {V}.][ № {I}.][ С. {P}.]", "{A} {T} // {C}. – {Y}.[ – Т. {V}][, № {I}.][ – С. {P}.]"},
			book:    {"{A} {T}. {PL}: {PUB}, {Y}.", "{A} {T}. – {PL}: {PUB}, {Y}."},
			chapter: {"{A} {T} // {C}[ / под ред. {E}]. {PL}: {PUB}, {Y}.[ С. {P}.]"},
			thesis:  {"{A} {T}: {G}. {PL}, {Y}."},
		},
	},
	{
		name: "GB/T 7714", language: "zh", names: forms("straight|full||, |, |, |3|, 等", "straight|full||，|，|，|3|，等"), editors: forms("straight|full||, |, |, |3|, 等"), numbered: []string{"[#] ", "[#]", ""}, dates: []string{"2006-01-02"},
		templates: map[kind][]string{
			article: {"{A}. {T}⟦J⟧. {C}, {Y}[, {V}][({I})][: {P}].", "{A}．{T}⟦J⟧．{C}，{Y}[，{V}][（{I}）][：{P}]．", "{A}：《{T}》，《{C}》{Y}年[第{I}期]。"},
			book:    {"{A}. {T}⟦M⟧. {PL}: {PUB}, {Y}.", "{A}：《{T}》，{PL}：{PUB}，{Y}年。"},
			thesis:  {"{A}. {T}⟦D⟧. {PL}: {PUB}, {Y}."},
		},
	},
	{
		name: "MHRA", names: forms("first|full|, |, | and | and |3| and others", straightFull), editors: forms("straight|full||, | and | and |3|"), titleCase: true, dates: []string{"2 January 2006"},
		templates: map[kind][]string{
			article: {"{A}, ‘{T}’, {C}[, {V}][.{I}] ({Y})[, {P}]", "{A}, ‘{T}’, {C}[, {V}] ({Y})[, pp. {P}]."},
			book:    {"{A}, {T}[, {ED:nd} edn] ({PL}: {PUB}, {Y})[, p. {P}]"},
			edited:  {"{E}, <ed.|eds>, {T} ({PL}: {PUB}, {Y})"},
			chapter: {"{A}, ‘{T}’, in {C}[, ed. by {E}] ({PL}: {PUB}, {Y})[, pp. {P}]"},
			web:     {"{A}, ‘{T}’, [{C}, ]{Y} {U} ⟦accessed {ACC}⟧"},
		},
	},
	{
		name: "sociology", names: forms("first|full|, |, | and |, and |8|, et al."), editors: forms("straight|J. K.||, | and |, and |4|"), titleCase: true, dates: englishDates,
		templates: map[kind][]string{
			article: {"{A}. {Y}. “{T}.” {C}[ {V}][({I})][:{P}].[ doi: {DOI}.]"},
			book:    {"{A}. {Y}. {T}. [{ED:nd} ed. ]{PL}: {PUB}."},
			chapter: {"{A}. {Y}. “{T}.” Pp. {P} in {C}[, edited by {E}]. {PL}: {PUB}."},
			thesis:  {"{A}. {Y}. “{T}.” {G}, {PUB}[, {PL}]."},
		},
	},
	{
		name: "linguistics", names: forms("first|full|, |, | & | & |8| et al."), editors: forms("straight|full||, | & | & |4|"), dates: englishDates,
		templates: map[kind][]string{
			article: {"{A}. {Y}. {T}. {C}[ {V}][({I})][. {P}].", "{A}. {Y}. {T}. {C}[ {V}][. {P}]."},
			book:    {"{A}. {Y}. {T}[ ({S})]. {PL}: {PUB}."},
			chapter: {"{A}. {Y}. {T}. In [{E} (eds.), ]{C}[, {P}]. {PL}: {PUB}."},
			thesis:  {"{A}. {Y}. {T}. {PL}: {PUB} {G}."},
		},
	},
	{
		name: "biology", names: forms("inverted|J.K.|, |, |, and |, and |10|, et al.", "inverted|J. K.|, |, | and |, and |10|, et al.", "inverted|J K| |, | and | and |10| et al."), editors: forms("straight|J. K.||, | and |, and |4|"), dates: englishDates,
		templates: map[kind][]string{
			article:  {"{A} ({Y}). {T}. {C}[ {V}][, {P}].", "{A}. {Y}. {T}. {C}[ {V}][:{P}].", "{A} {Y}. {T}. {C}[ {V}][, {P}]. (<doi:|https://doi.org/>{DOI})", "{A} {Y} {T}. {C}[ {V}][: {P}]."},
			book:     {"{A} ({Y}). {T} ({PL}: {PUB}).", "{A}. {Y}. {T}. {PUB}, {PL}."},
			chapter:  {"{A} ({Y}). {T}. In {C}[, {E}, eds.] ({PL}: {PUB})[, pp. {P}].", "{A}. {Y}. {T}. Pages {P} in [{E}, editors. ]{C}. {PUB}[, {PL}]."},
			software: {"{A} ({Y}). {T}. [{PUB}. ]{U}."},
			preprint: {"{A} ({Y}). {T}. {C}.[ https://doi.org/{DOI}.]"},
		},
	},
	{
		name: "Elsevier, held", held: true, names: forms("straight|J. K.||, |, |, |10|, et al."), editors: forms("straight|J. K.||, |, |, |5|"), dates: englishDates, numbered: []string{"[#] "},
		templates: map[kind][]string{
			article:    {"{A}, {T}, {C}[ {V}][ ({I})] ({Y})[ {P}].[ doi:{DOI}.]"},
			book:       {"{A}, {T}, {PUB}[, {PL}], {Y}."},
			chapter:    {"{A}, {T}, in: [{E} (Eds.), ]{C}, {PUB}, {Y}[, pp. {P}]."},
			conference: {"{A}, {T}, in: {C}, {Y}[, pp. {P}]."},
		},
	},
}
