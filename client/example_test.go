package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/internal/sandboxtest"
	"github.com/interchange-sdk/interchange-go/sandbox"
)

// startSandbox starts a sandbox and points the environment at it.
func startSandbox() (srv *sandboxtest.Sandbox, c *client.Client, stop func()) {
	srv = sandboxtest.Run()
	_ = os.Setenv(client.EnvAPIKey, srv.AdminToken())
	_ = os.Setenv(client.EnvBaseURL, srv.URL())
	return srv, srv.Client, func() {
		_ = os.Unsetenv(client.EnvAPIKey)
		_ = os.Unsetenv(client.EnvBaseURL)
		_ = srv.Close()
	}
}

func ExampleNew() {
	_, _, stop := startSandbox()
	defer stop()

	c, err := client.New(client.FromEnv()) // SCOPE3_API_KEY; production, pinned to v2
	if err != nil {
		log.Fatal(err)
	}
	defer c.CloseIdleConnections()
	health, err := c.Health(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(health.Status)
	// Output: ok
}

func ExampleNew_options() {
	token, err := client.ParseToken("scope3_ak_EXAMPLE_secret") // from a secret manager
	if err != nil {
		log.Fatal(err)
	}
	c, err := client.New(
		client.WithToken(token),
		client.WithEnvironment(client.Staging),
		client.WithApplication("nightly-etl", "1.4"),
		client.WithTimeout(20*time.Second),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 4, MaxDelay: 5 * time.Minute}),
		client.WithLogger(slog.Default()),
	)
	fmt.Println(c.BaseURL(), err)
	// Output: https://api.staging.interchange.io <nil>
}

func ExampleParseToken() {
	token, err := client.ParseToken("scope3_ak_EXAMPLE_sk_live_secret")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.ClientID())
	fmt.Printf("%v %+v %q\n", token, token, token)
	fmt.Println(len(token.RevealSecret()))
	// Output:
	// ak_EXAMPLE
	// scope3_ak_EXAMPLE_… scope3_ak_EXAMPLE_… "scope3_ak_EXAMPLE_…"
	// 14
}

func ExampleTokenVar() {
	first, _ := client.ParseToken("scope3_first_secret")
	second, _ := client.ParseToken("scope3_second_secret")

	current := client.NewTokenVar(first)
	c, err := client.New(client.WithTokenSource(current))
	if err != nil {
		log.Fatal(err)
	}
	current.Set(second) // the next attempt of every call uses it
	token, err := c.Token(context.Background())
	fmt.Println(token.ClientID(), err)
	// Output: second <nil>
}

func ExampleCall() {
	_, c, stop := startSandbox()
	defer stop()

	// Any endpoint is reached with the retries, limits and errors of the typed packages.
	type account struct {
		Company string `json:"company"`
	}
	op := client.Operation{Mount: client.MountShared, Path: "/accounts/current"}
	a, err := client.Call[account](context.Background(), c, &op, client.Request{})
	fmt.Println(a.Company, err)
	// Output: Sandbox Inc. <nil>
}

func ExampleClient_Do() {
	_, c, stop := startSandbox()
	defer stop()

	op := client.Operation{Method: "GET", Mount: client.MountShared, Path: "/service-tokens/{id}"}
	answer, err := c.Do(context.Background(), &op, client.Request{Path: []string{"404"}})
	fmt.Println(answer.StatusCode, errors.Is(err, client.ErrNotFound))
	// Output: 404 true
}

func ExampleWithResponse() {
	_, c, stop := startSandbox()
	defer stop()

	var answer client.Response
	_, err := c.Health(context.Background(), client.WithResponse(&answer))
	fmt.Println(answer.StatusCode, answer.Attempts, answer.RequestID != "", err)
	// Output: 200 1 true <nil>
}

func ExampleAPIError_NeedsLevel() {
	srv, c, stop := startSandbox()
	defer stop()
	full, _, err := srv.Grant(sandbox.Grant{Role: sandbox.RoleRead})
	if err != nil {
		log.Fatal(err)
	}
	token, err := client.ParseToken(full)
	if err != nil {
		log.Fatal(err)
	}
	reader, err := c.With(client.WithToken(token))
	if err != nil {
		log.Fatal(err)
	}

	op := client.Operation{
		Method: "DELETE", Mount: client.MountShared, Path: "/service-tokens/{id}",
		Level: client.LevelAdmin,
	}
	_, err = client.Call[struct{}](context.Background(), reader, &op, client.Request{Path: []string{"10001"}})
	var refusal *client.APIError
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Code, refusal.NeedsLevel())
	}
	// Output: FORBIDDEN admin
}

func ExampleClient_ForSeat() {
	srv, c, stop := startSandbox()
	defer stop()

	acme := c.ForSeat("seat_101") // shares connections, limiter and token with c
	op := client.Operation{Mount: client.MountShared, Path: "/accounts/current"}
	_, err := acme.Do(context.Background(), &op, client.Request{})
	fmt.Println(srv.Requests()[0].SeatID, err)
	// Output: seat_101 <nil>
}

// counter is a Hooks.
type counter struct{ attempts, retries int }

func (c *counter) AttemptDone(_ context.Context, a client.Attempt) {
	c.attempts++
	if a.Retrying {
		c.retries++
	}
}

func ExampleHooks() {
	srv, _, stop := startSandbox()
	defer stop()
	var count counter
	c, err := client.New(client.FromEnv(), client.WithHooks(&count))
	if err != nil {
		log.Fatal(err)
	}
	defer c.CloseIdleConnections()
	srv.Inject(sandbox.Fault{Status: 503, Times: 2})

	_, err = c.Health(context.Background())
	fmt.Println(count.attempts, count.retries, err)
	// Output: 3 2 <nil>
}

// listOf is a list of so many things, on a platform to talk to.
func listOf(n int) (op client.Operation, c *client.Client, stop func()) {
	_, c, stop = startSandbox()
	create := client.Operation{Method: "POST", Mount: client.MountShared, Path: "/service-tokens"}
	for i := range n { // the newest is the first of the list
		if _, err := c.Do(context.Background(), &create,
			client.Request{Body: map[string]string{"name": fmt.Sprint("thing ", n-i)}}); err != nil {
			log.Fatal(err)
		}
	}
	return client.Operation{
		Mount: client.MountShared, Path: "/service-tokens", Paging: client.PagingTakeSkip,
		MaxPage: 2,
	}, c, stop
}

// thing is an item of the lists.
type thing struct {
	ID   client.ID `json:"id"`
	Name string    `json:"name"`
}

// A walk that can be interrupted at any time saves where it is, and goes on from there.
func ExampleList_Pages() {
	op, c, stop := listOf(5)
	defer stop()

	var saved client.PageToken // as the last run left it: in a file, a database
	for page, err := range client.NewList[thing](c, &op, client.Request{}, saved).Pages(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		for _, t := range page.Items {
			fmt.Print(t.Name, "; ")
		}
		saved = page.Next // these are done with
		fmt.Println("resume at", saved)
		break // killed
	}
	for t, err := range client.NewList[thing](c, &op, client.Request{}, saved).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Print(t.Name, "; ")
	}
	// Output:
	// thing 1; thing 2; resume at offset:2
	// thing 3; thing 4; thing 5;
}

// Several pages are fetched at the same time, and the loop knows how far it is.
func ExampleWithPrefetch() {
	op, c, stop := listOf(5)
	defer stop()

	var answer client.Response
	done := 0
	for t, err := range client.NewList[thing](c, &op, client.Request{}, "", client.WithPrefetch(4),
		client.WithResponse(&answer)).All(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		done++
		fmt.Printf("%s, %d of %d\n", t.Name, done, answer.Total)
	}
	// Output:
	// thing 1, 1 of 5
	// thing 2, 2 of 5
	// thing 3, 3 of 5
	// thing 4, 4 of 5
	// thing 5, 5 of 5
}

func ExampleDistinct() {
	op, c, stop := listOf(3)
	defer stop()

	all := client.NewList[thing](c, &op, client.Request{}, "").All(context.Background())
	for t, err := range client.Distinct(all, func(t thing) client.ID { return t.ID }) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(t.Name)
	}
	// Output:
	// thing 1
	// thing 2
	// thing 3
}

// fileToken reads its token from a file that somebody else rotates.
type fileToken struct {
	path  string
	cache client.TokenVar
}

func (f *fileToken) Token(ctx context.Context) (client.Token, error) {
	if t, err := f.cache.Token(ctx); err == nil {
		return t, nil
	}
	text, err := os.ReadFile(f.path)
	if err != nil {
		return client.Token{}, err
	}
	t, err := client.ParseToken(strings.TrimSpace(string(text)))
	if err == nil {
		f.cache.Set(t)
	}
	return t, err
}

// Invalidate makes the next attempt read the file again.
func (f *fileToken) Invalidate(context.Context, client.Token) { f.cache.Set(client.Token{}) }

func ExampleTokenInvalidator() {
	srv, _, stop := startSandbox()
	defer stop()
	file, err := os.CreateTemp("", "token")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(file.Name())
	source := &fileToken{path: file.Name()}
	outdated, _ := client.ParseToken("scope3_outdated_secret")
	source.cache.Set(outdated)
	if _, err := file.WriteString(srv.AdminToken() + "\n"); err != nil { // the rotation
		log.Fatal(err)
	}

	c, err := client.New(client.WithEnvironment(client.BaseURL(srv.URL())), client.WithTokenSource(source))
	if err != nil {
		log.Fatal(err)
	}
	defer c.CloseIdleConnections()
	var answer client.Response
	op := client.Operation{Mount: client.MountShared, Path: "/accounts/current"}
	_, err = c.Do(context.Background(), &op, client.Request{}, client.WithResponse(&answer))
	fmt.Println(answer.StatusCode, answer.Attempts, err)
	// Output: 200 2 <nil>
}

func ExampleWithLogger() {
	_, c, stop := startSandbox()
	defer stop()
	c, err := c.With(client.WithLogger(slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" || a.Key == "request_id" {
				return slog.Attr{} // so that the example prints the same every time
			}
			return a
		},
	}))))
	if err != nil {
		log.Fatal(err)
	}
	_, _ = c.Health(context.Background())
	// Output: level=DEBUG msg="interchange attempt" operation=getHealth method=GET route=/health attempt=1 status=200
}
