package seats

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/interchange-sdk/interchange-go/client"
)

// twoSeats are answers that say the same: in the form of the tool's source, in the words of its documents, and in those
// forms that lists of the platform take elsewhere.
func twoSeats() map[string]string {
	return map[string]string{
		"the source's": `{"accounts":[{"customerId":7,"id":"seat_7","name":"Acme"},{"customerId":8,"id":"seat_8",` +
			`"name":"Globex"}],"count":2}`,
		"the documents'": `{"seats":[{"customerId":"7","seatId":"seat_7","seatName":"Acme"},{"customerId":"8",` +
			`"seatId":"seat_8","seatName":"Globex"}]}`,
		"an array": `[{"customerId":7,"id":"seat_7","name":"Acme"},{"customerId":"8","seatId":"seat_8",` +
			`"name":"Globex"}]`,
		"items": `{"items":[{"customerId":7,"id":"seat_7","name":"Acme"},{"customerId":8,"id":"seat_8",` +
			`"name":"Globex"}],"total":2}`,
		"under data": `{"data":{"accounts":[{"customerId":7,"id":"seat_7","name":"Acme"},{"customerId":8,` +
			`"id":"seat_8","name":"Globex"}]}}`,
		"an array as data": `{"success":true,"data":[{"customerId":7,"id":"seat_7","name":"Acme"},{"customerId":8,` +
			`"id":"seat_8","name":"Globex"}]}`,
		"text": `"{\"accounts\":[{\"customerId\":7,\"id\":\"seat_7\",\"name\":\"Acme\"},{\"customerId\":8,` +
			`\"id\":\"seat_8\",\"name\":\"Globex\"}]}"`,
		"text under data": `{"data":" [{\"customerId\":7,\"id\":\"seat_7\",\"name\":\"Acme\"},{\"customerId\":8,` +
			`\"id\":\"seat_8\",\"name\":\"Globex\"}]"}`,
		"both ids": `[{"customerId":7,"id":1,"seatId":"seat_7","name":"Acme"},{"customerId":8,"id":2,` +
			`"seatId":"seat_8","name":"Globex"}]`,
		"null beside": `{"seats":null,"accounts":[{"customerId":7,"id":"seat_7","name":"Acme",` +
			`"permissions":null},{"customerId":8,"id":"seat_8","name":"Globex"}]}`,
		"unknown, and more": `{"accounts":[{"customerId":7,"id":"seat_7","name":"Acme","permissions":{"x":1},` +
			`"more":[1]},{"customerId":8,"id":"seat_8","name":"Globex"}],"more":{}}`,
	}
}

func TestEveryShapeReadsTheSame(t *testing.T) {
	t.Parallel()
	want := []Seat{{ID: "seat_7", Name: "Acme", CustomerID: "7"}, {ID: "seat_8", Name: "Globex", CustomerID: "8"}}
	for name, data := range twoSeats() {
		got, err := readSeats(jsontext.Value(data))
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
}

func TestPermissionsAndNumbers(t *testing.T) {
	t.Parallel()
	got, err := readSeats(jsontext.Value(`[{"seatId":9007199254740993,"permissions":["read","write"]},{"id":2,` +
		`"permissions":"admin"},{"id":3,"permissions":[]}]`))
	require.NoError(t, err)
	assert.Equal(t, []Seat{
		{ID: "9007199254740993", Permissions: []client.Level{client.LevelRead, client.LevelWrite}},
		{ID: "2", Permissions: []client.Level{client.LevelAdmin}},
		{ID: "3", Permissions: []client.Level{}},
	}, got)
	for _, none := range []string{
		`{"data":{"data":{"data":[]}}}`, `[]`, `{"accounts":[],"count":0}`,
		`{"data":{"seats":[]}}`,
	} {
		got, err := readSeats(jsontext.Value(none))
		require.NoError(t, err, none)
		assert.Empty(t, got, none)
	}
}

func TestWhatIsNoListOfSeats(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		``, `null`, `7`, `"seven"`, `{}`, `{"accounts":7}`, `[7]`, `[{"name":"Acme"}]`, `[{"id":""}]`, `[{"id":{}}]`,
		`{"accounts":[{"customerId":7}]}`,
		`{"data":{"data":{"data":{"data":[]}}}}`, `{"accounts":null}`, `[{"id":"s3cret-value","name":{}}]`,
	} {
		_, err := readSeats(jsontext.Value(data))
		require.Error(t, err, data)
		assert.NotContains(t, err.Error(), "s3cret")
	}
}

// FuzzReadSeats: whatever comes, there is an error or every seat has an id; and what is read is the same in a wrapping.
func FuzzReadSeats(f *testing.F) {
	for _, data := range twoSeats() {
		f.Add(data)
	}
	f.Add(`[{"id":1,"permissions":["read"]}]`)
	f.Fuzz(func(t *testing.T, data string) {
		value := jsontext.Value(data)
		if !value.IsValid(jsontext.AllowInvalidUTF8(true)) {
			_, _ = readSeats(value)
			return
		}
		got, err := readSeats(value)
		if err != nil {
			return
		}
		for _, seat := range got {
			require.NotEmpty(t, seat.ID)
		}
		if value.Kind() != '[' {
			return
		}
		again, err := readSeats(jsontext.Value(`{"data":` + data + `}`))
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

// FuzzUserInfo: what is read can be written, and reads the same again.
func FuzzUserInfo(f *testing.F) {
	f.Add(`{"user":{"id":7},"customer":{"id":1,"company":"C","name":"N"},"showTosBox":true,"canAcceptTos":false,` +
		`"tosUpdate":null}`)
	f.Add(`{"showPsaBox":true,"tosBlockedReason":"PARENT_MUST_ACCEPT_TOS","latestPsaVersion":"3"}`)
	f.Add(`{"canAcceptTos":true,"tosUpdate":{"action":"notice","deadline":"2026-04-26T16:30:00Z"},` +
		`"customers":[{"id":"x"}]}`)
	f.Fuzz(func(t *testing.T, data string) {
		var u UserInfo
		if json.Unmarshal([]byte(data), &u) != nil {
			return
		}
		written, err := json.Marshal(u)
		if err != nil {
			return // a time beyond what can be written
		}
		var again UserInfo
		require.NoError(t, json.Unmarshal(written, &again))
		rewritten, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(written), string(rewritten))
	})
}
