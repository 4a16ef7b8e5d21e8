#ifndef CF_LIMITS_H
#define CF_LIMITS_H

/*
 * Every maximum of the program, in one place, each with its reason.
 * Sizes are bytes unless the name says otherwise. What a partner can choose is
 * compared with one of these before memory is asked for.
 */

/* JSON and records */
#define CF_MAX_RECORD (256u * 1024)	/* a record file: a long practice is 20 KiB */
#define CF_MAX_AUDIT (64u * 1024 * 1024)	/* what is told of 100,000 held records */
#define CF_MAX_JSON (4u * 1024 * 1024)	/* any other document we read (results, schemas) */
#define CF_MAX_MERGE_TEXT (64u * 1024 * 1024)	/* debug merge: 1,000 versions of a long record */
#define CF_MAX_DEPTH 32u		/* nesting of a record; recursion is bounded by it */
#define CF_MAX_WHOLE 9007199254740991	/* 2^53 - 1: up to it doubles hold every integer */
#define CF_MAX_PARENTS 32u		/* as many as stewards: one newest version of each */
#define CF_MAX_STEWARDS 32u		/* a joint project has a dozen trusts at most */
#define CF_MAX_PROOFS 32u		/* one for each steward */
#define CF_MAX_PROOF (16u * 1024)	/* ours is under 600; room for an @context */
#define CF_MAX_TITLE 640u		/* 160 characters, as the schemas have it */
#define CF_MAX_SEEN 1000u		/* bytes of a find that a draft keeps beside a reason */
#define CF_MAX_KEY 40u		/* letters, of an element in a list; as the schemas have it */
#define CF_MAX_SETTLED 256u		/* contested fields that one version decides */
#define CF_NEWS_TOLD 3u		/* one by one, of those that a sync cannot show; then a number */
#define CF_WAITING_SHOWN 20u	/* records that wait for an owner: a report, no list */
#define CF_MAX_VERSIONS 1000u		/* of one record in one main; bounds the merge */
#define CF_MAX_MERGED_LINES 2000u	/* of a text that is joined by line: 8 MiB */

/* schemas; instances are bounded by what reads them */
#define CF_MAX_SCHEMA_DEPTH 128u	/* nesting of a schema document */
#define CF_MAX_SCHEMA_LEVELS 1024u	/* schemas in schemas while validating */
#define CF_MAX_SCHEMA_STEPS 16000000u	/* a document of 4 MiB has 2,000,000 values */
#define CF_MAX_SCHEMAS_ASKED 10000u	/* looked at for one answer about annotations */
#define CF_MAX_FAULTS 1000u		/* told of one instance: nobody reads more */
#define CF_MAX_FAULT 2048u		/* a sentence about a fault */
#define CF_MAX_PATTERN (64u * 1024)	/* a regular expression, translated */
#define CF_MAX_PATTERN_STEPS 1000000u	/* of one match: a text of 256 KiB and more */
#define CF_MAX_PATTERN_DEPTH 1000000u	/* backtracking points at a time */
#define CF_MAX_PATTERN_MEMORY (64u * 1024 * 1024)	/* what those points may take */

/* identity chain */
#define CF_MAX_IDENTITIES 1024u		/* a key change each month for 85 years */
#define CF_MAX_IDENTITY (64u * 1024)	/* one identity document */
#define CF_MAX_IDENTITY_KEYS 64u	/* root keys, publish keys: one for each machine */
#define CF_MAX_REVOKED 320u		/* 40 KiB of a document; one a month for 26 years */
#define CF_MAX_IDENTITY_URLS 16u	/* a host, its mirrors; each is tried in turn */
#define CF_MAX_HEARTBEAT 366u		/* days: once a year is the least */
#define CF_MAX_NAME 100u		/* a trust's name */
#define CF_MAX_URL 2048u		/* what servers and browsers take */
#define CF_MAX_HOST 253u		/* of a name in a URL: RFC 1035 */
#define CF_MAX_USER 64u			/* of ssh, before the @ */
#define CF_MAX_BASE58 128u		/* bytes: twice a signature */
#define CF_MAX_PROOF_FILE (160u * 1024 * 1024)	/* 1,024 identities, two commits */
#define CF_MAX_REPORT (64u * 1024)	/* of a refusal: sentences of 1 KiB */
#define CF_MAX_WITNESS (16u * 1024)	/* a witness file: one commit in base64 */

/* git objects */
#define CF_MAX_COMMIT (8u * 1024)	/* our own form is under 1 KiB */
#define CF_MAX_TREE (4u * 1024 * 1024)	/* 256 folders of 300 records are 20 KiB each */
#define CF_MAX_TREE_ENTRIES 65536u	/* entries of one tree */
#define CF_MAX_CHANGES 250000u		/* of one commit: a tree may stand at many places */
#define CF_MAX_TREE_DEPTH 4u		/* records/<kind>/<xx>/<uuid>.json */
#define CF_MAX_FOLDERS 256u	/* in each other, on branches of git's users; ours: five */
#define CF_MAX_MESSAGE_LINE 120u	/* the first line of a commit message */

/* libgit2's view of packs: bounds our memory whatever the history */
#define CF_GIT_WINDOW (1024u * 1024)	/* one mapped piece of a pack */
#define CF_GIT_MAPPED (6u * 1024 * 1024)	/* all pieces together */
#define CF_BULK_OBJECTS 50000u		/* collected before a pack is written */
#define CF_BULK_BYTES (64u * 1024 * 1024)	/* the same: either is enough */
#define CF_GIT_FILES 100u		/* packs open at a time; 1,024 is the usual limit */
#define CF_GIT_SLACK (64u * 1024)	/* zlib's window, and what stands around an object */

/* an update of one partner */
#define CF_MAX_PACK (512ull * 1024 * 1024)	/* 100,000 records of 2 KiB are 150 MiB */
#define CF_MAX_PACK_OBJECTS 2000000u		/* 400,000 commits of one record */
#define CF_MAX_COMMITS 1000000u			/* one commit a minute for two years */
#define CF_MAX_REFS 4096u			/* refs a server may advertise */
#define CF_MAX_COPIES 8u	/* heads of a trust that relays show: one is the newest */
#define CF_COMPACT_PACKS 50u	/* then all become one: each costs a descriptor */
#define CF_COMPACT_LOOSE 20000u	/* the same: each is a file of its own */
#define CF_MAX_REFLOG (64u * 1024 * 1024)	/* 300,000 moves of a branch */
#define CF_LOOSE_MAX 1000u			/* updates below it are written loose */

/* the gate at work; the numbers change its speed and memory, not its verdict */
#define CF_WORK_THREADS 8u	/* more wait for each other: history is a chain */
#define CF_WORK_RUN 8u		/* neighbours that one thread takes at a time */
#define CF_GATE_COMMITS 512u	/* judged ahead: 1 MiB of commits */
#define CF_GATE_TWINS (1u << 23)	/* bits: 1 MiB; of a million ids one in 20 is looked up */
#define CF_GATE_CHANGES 50000u	/* files they change, about, before it waits */
#define CF_GATE_VERSIONS 256u	/* read ahead: 1 MiB of practices */
#define CF_GATE_BYTES (8u * 1024 * 1024)	/* of them all, about: 10 times that as DOM */

/* the fetch child (seconds, bytes) */
#define CF_FETCH_SECONDS 300u		/* the whole of one fetch or push */
#define CF_AUDIT_SECONDS 3600u	/* of a folder: a million commits take some minutes */
#define CF_FETCH_IDLE_SECONDS 60u	/* without a byte */
#define CF_FETCH_MEMORY (1024ull * 1024 * 1024)	/* a child that runs away ends here */
#define CF_FETCH_CPU_SECONDS 240u	/* less than the whole: a slow line is no work */
#define CF_FETCH_FILES 128u	/* a repository, its packs, the socket */
#define CF_MAX_ADVERTISED (4u * 1024 * 1024)	/* CF_MAX_REFS lines of 1,000 bytes */
#define CF_MAX_LOGIN 4096u		/* user or password; tokens are up to 4 KiB */
#define CF_MAX_LOGINS 3u		/* how often a host may ask for another one */
#define CF_ASK_SECONDS 600u		/* a person looks for the password */
#define CF_MAX_KNOWN_HOSTS (8u * 1024 * 1024)	/* 40,000 ssh hosts */
#define CF_SYNC_JOBS 8u			/* children at a time, unless -j says */
#define CF_SYNC_JOBS_MAX 64u	/* children; each may take CF_FETCH_MEMORY */

/* searching */
#define CF_MAX_QUERY 1000u	/* a problem in a paragraph */
#define CF_MAX_QUERY_WORDS 40u	/* of it; each costs a look into the index */
#define CF_MIN_PREFIX 3u	/* letters before *: fewer say nothing */
#define CF_MAX_RELAXED 6u	/* words of which some may be missing: 20 threes */
#define CF_MAX_SEARCHED (2u * CF_MAX_RECORD)	/* its texts, and codes of 20 tags */
#define CF_MAX_BEGINNINGS 400u	/* words that begin so, looked for one by one */
#define CF_MAX_CANDIDATES 1000u	/* that are ranked by how they match */
#define CF_MAX_GROUP 200u	/* of each group, where there are more than that */
#define CF_LEAST_TRUSTS 3u	/* behind a figure about all: of two, each knows the other */
#define CF_MAX_MATCHED 20000u	/* needs, offers, the newest: a second of work */
#define CF_NEAREST 60u		/* settings, as the published rule has it */
#define CF_NEAREST_KEPT 30u	/* of them, those of the same region first */
#define CF_COMMON_WORD 5000u	/* records; a word of more tells little */
#define CF_INDEX_HASH (16u * 1024 * 1024)	/* new words, before they are written */

/* the check; what is a record's own is part of the ruleset */
#define CF_MAX_CHECK_FAULTS 50u	/* of a schema: nobody reads more at once */
#define CF_MAX_MARKS 6u		/* between a title and a name: "**Mr** *Patel*" has 4 */
#define CF_MAX_FOUND 200u	/* of one rule in one record: the same */
#define CF_MAX_ALL_FOUND 2000u	/* of all rules: a record is lost long before */
#define CF_MAX_TABLE_ROWS 200u	/* as the schema has it */
#define CF_MAX_TABLE_COLUMNS 30u	/* the same */
#define CF_MAX_CELL_DIGITS 15u	/* of a number in a cell: a double holds them all */
#define CF_MAX_DECIMALS 9u	/* a million with nine is 10^15 */
#define CF_MAX_RESULTS_LISTED 12u	/* results in a list that a mean is tried with */
#define CF_MAX_LIST_STEPS 20000u	/* of that search: a millisecond */
#define CF_MAX_CROSSED 3u	/* things about people in one table, without advice */
#define CF_MAX_HIDDEN_PERCENT 30u	/* of its cells, the same */
#define CF_MAX_HIDDEN 64u	/* cells held back in a table; more are not worked out */
#define CF_MAX_TOTALS 512u	/* totals that those are part of */
#define CF_MAX_BOUND_STEPS 4000000u	/* of one table's intervals: about 10 ms */
#define CF_MAX_MEND_ROUNDS 10u	/* rounding, holding back, adding up: three or four */
#define CF_MAX_PACKED 4096u	/* base64 that is unpacked; longer is T-BLOB anyway */
#define CF_MAX_PHONE 15u	/* digits of a number, as E.164 has it */
#define CF_MAX_CARD 19u		/* digits, as ISO 7812 has it */
#define CF_MAX_IBAN 34u		/* characters, as ISO 13616 has it */
#define CF_MAX_MAIL_LOCAL 64u	/* before the @: RFC 5321, 4.5.3.1 */
#define CF_MAX_MAIL_DOMAIN 253u	/* behind it: RFC 1035 */
#define CF_MAX_REFERENCE 40u	/* of a case: longer is something else */
#define CF_MAX_QUOTATION 1000u	/* what opens and does not close sooner is none */
#define CF_MAX_COUNTED 1000000u	/* in words: larger counts of people are all alike */
#define CF_MAX_STATS 20000u	/* numbers of all releases together: 2 MiB */
#define CF_MAX_RANK_ROWS 64u	/* releases of one measure: a bit of a word each */
#define CF_MAX_RANK_GROUPS 16384u	/* that their traits cut people into: 0.5 MiB */
#define CF_MAX_RANK_COLUMNS 4096u	/* of those, that the numbers tell apart */
#define CF_MAX_RANK_SUMS 128u	/* of columns that elimination leaves */
#define CF_MAX_RANK_STEPS 1000000000u	/* of a record, for pairs of trusts: a second */
#define CF_MAX_RANK_BOUND_STEPS 20000000u	/* of a record's intervals: 50 ms */
#define CF_MAX_LEDGER (4u * 1024 * 1024)	/* 100,000 exact numbers */
#define CF_MAX_LEDGER_FILE (CF_MAX_LEDGER + 4096u)	/* with its sealing */
#define CF_MAX_NEEDLE 255u	/* a word of the roll: its length is one byte */

/* pooling */
#define CF_MAX_PLOT (16u * 1024 * 1024)	/* a forest of 10,000 findings is 6 MiB */
#define CF_MAX_POOLED 600u	/* findings that a synthesis names: 180 KiB of it */

/* export */
#define CF_MAX_EXPORT_PIECE (512u * 1024 * 1024)	/* a crate names 1,000,000 files at once */

/* this machine */
#define CF_MAX_PARTNERS 1024u	/* nearly every multi-academy trust there is */
#define CF_MIN_PASSPHRASE 12u	/* characters of a new one: 3 words; 8 are tried in days */
#define CF_MAX_PASSPHRASE 1024u	/* bytes; a long sentence is 200 */
#define CF_MAX_KEY_FILE 1024u		/* our own form is under 500 */
#define CF_MAX_KDF_MEMORY (1024ull * 1024 * 1024)	/* 4 times what we write */
#define CF_MAX_KDF_PASSES 16u		/* we write 3; at 16 opening takes seconds */
#define CF_MAX_ROLL (64u * 1024 * 1024)	/* a CSV file: 100,000 people are 30 MiB */
#define CF_MAX_ROLL_WORDS (32u * 1024 * 1024)	/* what is kept of it */
#define CF_MAX_ROLL_FILE (CF_MAX_ROLL_WORDS + 4096u)	/* with its sealing */
#define CF_MAX_ROLL_COLUMNS 256u	/* of its CSV: systems export some dozen */
#define CF_MAX_ROLL_FIELD 100u	/* a field that is longer is no name */
#define CF_MAX_ROLL_NAME 40u	/* of one list: a line on the screen */
#define CF_MAX_BEHIND (16u * 1024 * 1024)	/* a list of people behind figures, CSV */
#define CF_MAX_BEHIND_ROWS 100000u	/* the pupils of 100 schools */
#define CF_MAX_BEHIND_COLUMNS 64u	/* what a draft says of people, and more */
#define CF_MAX_BEHIND_TEXTS 256u	/* schools of a figure, grades of a result */
#define CF_MAX_BEHIND_DIGITS 15u	/* of a value: exact in a double */
#define CF_MAX_PATH 4096u	/* PATH_MAX of Linux */
#define CF_MAX_CONFIG (4u * 1024 * 1024)	/* the whole file: 1,024 partners are 300 KiB */
#define CF_MAX_CONFIG_VALUE 4096u	/* a path, a URL */
#define CF_MAX_THRESHOLD 1000u		/* of a policy: no school shows only counts of more */
#define CF_MAX_RELEASES 5000u		/* findings that a check compares; a trust has hundreds */
#define CF_MAX_SHEET (64u * 1024)	/* a recovery sheet is 2 KiB */
#define CF_MAX_HITS 200u		/* of a search, in each group: nobody reads more */
#define CF_MAX_PROPOSED 100u		/* matches for one need or offer: the same */
#define CF_MAX_LISTED 1000000u		/* rows of a list that are asked for */
#define CF_MAX_DIFF_CELLS (4u * 1024 * 1024)	/* 2,000 changed words on each side */
#define CF_MAX_SOUGHT 4096u		/* bytes of a text that is searched for: a long paragraph */
#define CF_MAX_TRACED 20u		/* finds of which it is said who holds them: a walk each */
#define CF_LOCK_SECONDS 10u		/* how long a writer waits for another one */

#endif
