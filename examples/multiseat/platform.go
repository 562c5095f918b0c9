package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interchange-sdk/interchange-go/client"
	"github.com/interchange-sdk/interchange-go/sandbox"
	"github.com/interchange-sdk/interchange-go/seats"
	"github.com/interchange-sdk/interchange-go/servicetokens"
)

const (
	howMany     = 50
	failing     = 3
	stranger    = 2001 // a customer that has ended its contract with the partner
	auditHeader = "X-Audit-Seat"
)

// platform is a sandbox in which three of the partner's seats fail: their customer has ended its contract, and of their
// tokens one is missing, one has expired, and one belongs to another seat.
type platform struct {
	*sandbox.Server
	admin   *client.Client // with a person's key
	partner *client.Client // with a customer-scoped service token, which reads for any seat and manages no tokens
	book    []seats.Seat
	tokens  map[client.ID]client.Token
}

func startPlatform() (_ *platform, err error) {
	p := &platform{tokens: make(map[client.ID]client.Token)}
	var there []sandbox.Seat
	for i := 1; i <= howMany; i++ {
		seat := sandbox.Seat{ID: fmt.Sprintf("seat_%d", i), Name: fmt.Sprintf("Brand %d", i)}
		if i > howMany-failing {
			seat.Account = stranger
		}
		there = append(there, seat)
		p.book = append(p.book, seats.Seat{ID: client.ID(seat.ID), Name: seat.Name})
	}
	p.Server, err = sandbox.Start(
		sandbox.WithAccounts(sandbox.Account{ID: 1001, Name: "Partner"},
			sandbox.Account{ID: stranger, Name: "Former client"}),
		sandbox.WithSeats(there...),
		sandbox.WithFirstPlatformTools(),
	)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	person, err := client.ParseToken(p.AdminToken())
	if err != nil {
		return nil, err
	}
	p.admin, err = client.New(client.WithEnvironment(client.BaseURL(p.URL())), client.WithToken(person))
	if err != nil {
		return nil, err
	}
	for i, seat := range p.book {
		grant := sandbox.Grant{Role: sandbox.RoleRead, SeatID: string(seat.ID)}
		switch i {
		case howMany - 1:
			continue
		case howMany - 2:
			grant.ExpiresIn = -time.Hour
		case howMany - 3:
			grant.SeatID = string(p.book[0].ID)
		}
		full, _, err := p.Grant(grant)
		if err != nil {
			return nil, err
		}
		if p.tokens[seat.ID], err = client.ParseToken(full); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// createPartnerToken creates the token of the partner as a person would.
func (p *platform) createPartnerToken(ctx context.Context) error {
	created, err := servicetokens.New(p.admin).Create(ctx, servicetokens.CreateParams{
		Name: "Reports for all seats", Scope: servicetokens.ScopeCustomer, ExpiresInDays: 90,
	})
	if err != nil {
		return err
	}
	p.partner, err = p.admin.With(client.WithToken(created.Token))
	return err
}

// Close ends the sandbox and the client's connections to it.
func (p *platform) Close() error {
	if p.admin != nil {
		p.admin.CloseIdleConnections()
	}
	return p.Server.Close()
}

// verify compares the results with the requests that the sandbox recorded, and clears those.
func (p *platform) verify(results seats.Results[string]) error {
	owner := make(map[string]client.ID, len(p.tokens)) // by client id
	for seat, token := range p.tokens {
		owner[token.ClientID()] = seat
	}
	requests, leaks := 0, 0
	for _, r := range p.Requests() {
		meant := r.Header.Get(auditHeader)
		if meant == "" {
			continue
		}
		requests++
		holder, own := owner[r.ClientID]
		if r.SeatID != meant || own && string(holder) != meant {
			leaks++
		}
	}
	p.ResetRequests()

	failed := 0
	var each *seats.EachError
	if errors.As(results.Err(), &each) {
		failed = len(each.Failed)
	}
	fmt.Printf("  %d of %d seats failed; %d requests, %d cross-seat leaks\n", failed, len(results), requests, leaks)
	switch {
	case leaks > 0:
		return errors.New("requests were made for another seat than they were meant for")
	case failed != failing || requests == 0:
		return fmt.Errorf("%d seats should have failed, %d did", failing, failed)
	}
	return nil
}
